"""Reminders that reach a person outside the site: his calendar, and messages by channels that were switched on."""
