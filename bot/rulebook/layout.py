"""Which file holds what: the layout of a rules folder, and the model behind each entry."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.core.kpi import Kpi
from bot.core.organisation import Channel, Company, Department, Level, Person, Priority, Role, Sees
from bot.core.plans import Action, Initiative, Mitigation, Risk
from bot.core.policy import Dimension, Report
from bot.core.samples import Anchor
from bot.core.source import Connection, RefreshSchedule
from bot.core.words import Frozen, Key


class ThresholdPriorities(Frozen):
    """The priorities that warning and critical thresholds get unless a KPI names its own."""

    warning: Key
    critical: Key


class Form(Enum):
    """How entries stand in their section."""

    ONE = auto()  # the section is the entry
    KEYED = auto()  # key: entry, and the entry knows its key
    NAMED = auto()  # name: entry, and the entry does not know it


@dataclass(frozen=True)
class Section:
    """A part of a file: ``within`` is the key it stands under ("" = the whole file); noun is one entry's name."""

    model: type[Frozen]
    file: str
    within: str = ""
    noun: str = ""
    form: Form = Form.KEYED
    optional: bool = False


KPI_FILES = "kpis/*.yaml"
QUERIES = "queries"
"""The folder of the queries that sources name; no YAML stands in it."""
SECTIONS = (
    Section(Company, "company.yaml", noun="company", form=Form.ONE),
    Section(Person, "people.yaml", "people", "person"),
    Section(Role, "people.yaml", "roles", "role"),
    Section(Channel, "channels.yaml", noun="channel"),
    Section(Department, "departments.yaml", noun="department"),
    Section(ThresholdPriorities, "priorities.yaml", "thresholds", "thresholds", Form.ONE),
    Section(Priority, "priorities.yaml", "priorities", "priority"),
    Section(Sees, "clearance.yaml", noun="level", form=Form.NAMED),
    Section(Dimension, "segments.yaml", noun="dimension", optional=True),
    Section(Report, "reports.yaml", noun="report", optional=True),
    Section(Connection, "sources.yaml", "connections", "connection", optional=True),
    Section(RefreshSchedule, "sources.yaml", "refresh_schedule", "refresh schedule", Form.ONE, optional=True),
    Section(Kpi, KPI_FILES, noun="KPI"),
    Section(Initiative, "initiatives.yaml", noun="initiative", optional=True),
    Section(Risk, "risks.yaml", "risks", "risk", optional=True),
    Section(Mitigation, "risks.yaml", "mitigations", "mitigation", optional=True),
    Section(Action, "actions.yaml", noun="action", optional=True),
    Section(Anchor, "sample_history.yaml", noun="series", form=Form.NAMED, optional=True),
)
FILES = tuple(dict.fromkeys(section.file for section in SECTIONS))
LEVELS = tuple(level.value for level in Level)


def sections_of(file: str) -> tuple[Section, ...]:
    """Give the sections of a file, by its name inside the folder; none for a file we do not know."""
    pattern = KPI_FILES if re.fullmatch(r"kpis/[^/]+\.yaml", file) else file
    return tuple(section for section in SECTIONS if section.file == pattern)


def query_name(file: str) -> str | None:
    """Give the name of the query a file holds (``churn.sql``), by its name inside the folder; None for other files."""
    folder, _, name = file.partition("/")
    return name if folder == QUERIES and name.endswith(".sql") and "/" not in name else None


def section_of(model: type[Frozen]) -> Section:
    """Give the section whose entries are of this model."""
    return next(section for section in SECTIONS if section.model is model)
