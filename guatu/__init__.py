"""Guatu (挂图): drive a jurisdiction's major public projects by its own published policy."""

__version__ = "0.1.0"
