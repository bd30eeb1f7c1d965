"""The vocabulary of ``when:``: each condition is one small class whose docstring is the operator's manual."""

from bot.core.conditions.asking import Condition, Other, Others, Sight, Surroundings, nobody_else
from bot.core.conditions.levels import Outside, Reaches
from bot.core.conditions.together import CONDITIONS, Part, When

__all__ = [
    "CONDITIONS",
    "Condition",
    "Other",
    "Others",
    "Outside",
    "Part",
    "Reaches",
    "Sight",
    "Surroundings",
    "When",
    "nobody_else",
]
