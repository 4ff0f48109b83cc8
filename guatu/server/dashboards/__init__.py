"""Dashboards: pages over several subjects, one file and one template each."""
