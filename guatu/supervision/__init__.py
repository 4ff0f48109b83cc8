"""Watching (预警督查): lights and their bands."""
