"""Photographs and short videos of a report (附件): read, cleaned of what they carry along, made small enough."""
