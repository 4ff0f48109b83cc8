"""Projects, every fact of theirs with its versions, and annual plans."""
