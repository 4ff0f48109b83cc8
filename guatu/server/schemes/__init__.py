"""The scheme in force as people read it: every rule with its clause, and its worked cases."""
