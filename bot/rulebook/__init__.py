"""The rulebook: a folder of YAML files in, a checked and frozen policy out, or every fault by file and line."""

from bot.rulebook.folder import shipped_rules
from bot.rulebook.policy import read_policy

__all__ = ["read_policy", "shipped_rules"]
