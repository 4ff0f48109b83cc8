"""The server: remembers what the office knows and shows it. The only Django in the house."""
