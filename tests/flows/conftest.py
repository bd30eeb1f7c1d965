"""Databases for flows."""

from tests.databases import database, worker  # noqa: F401 - fixtures
