"""Reports in versions that are never overwritten, and the questions on them."""
