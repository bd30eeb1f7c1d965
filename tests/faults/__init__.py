"""Faults injected between the bot and Slack, and the outcome each must have."""
