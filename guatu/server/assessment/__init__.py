"""Judged months: lights, standings and rankings as they were computed."""
