"""Every test of the store runs on both databases."""

from tests.databases import database, worker

__all__ = ["database", "worker"]
