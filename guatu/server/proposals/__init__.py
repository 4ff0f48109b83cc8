"""One person proposes, another decides, with reasons."""
