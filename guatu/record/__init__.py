"""The record's arithmetic: its chain, and the file in which anybody can prove it without a database."""
