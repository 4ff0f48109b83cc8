"""What is handed in beside the reports: declared facts, marks, events and ballots."""
