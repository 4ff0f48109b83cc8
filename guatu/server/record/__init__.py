"""The append-only, hash-chained record behind every action."""
