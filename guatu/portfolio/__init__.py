"""The project library: what a project is, and the table of all that a rule may know of it."""
