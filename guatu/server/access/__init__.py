"""Who read, changed or took away what, when, and from which address."""
