"""The starter: a small rules folder that ``kpi-bot init`` copies for somebody's own company."""

from pathlib import Path


def starter_folder() -> Path:
    """Give the folder to copy; nothing but the rules is in it."""
    return Path(__file__).parent / "rules"
