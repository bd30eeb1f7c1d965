"""Flows on a real database, without Slack."""
