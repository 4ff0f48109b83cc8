"""Repeatable measurements: run one with `python benchmarks/NAME.py`, all with `make bench`."""
