"""Tests mirror bot/: what is claimed there is proved here."""
