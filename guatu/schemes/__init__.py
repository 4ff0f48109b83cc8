"""Schemes (方案): a place's policy as data, loaded from TOML, checked, and turned into rules."""
