"""Backups on the server: made now or every night, listed, verified; restoring stays a command."""
