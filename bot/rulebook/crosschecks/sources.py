"""What must hold between KPIs, their sources, the connections and queries these name, and the times they are read."""

from collections.abc import Iterator

from bot.core.kpi import Kpi
from bot.core.source import Connection, Reach, RefreshSchedule
from bot.rulebook.crosschecks.organisation import never_due
from bot.rulebook.draft import Draft, Trouble
from bot.rulebook.nearest import nearest

_NEEDED = {Reach.SQL: "sql: churn.sql", Reach.HTTP: "path: /churn", Reach.FOLDER: "file: churn.csv"}


def sources_of_the_wrong_kind(draft: Draft) -> Iterator[Trouble]:
    """Yield sources that ask a connection for what it does not lead to."""
    connections = draft.all(Connection)
    for key, kpi in draft.all(Kpi).items():
        connection = connections.get(kpi.source.connection) if kpi.source else None
        if kpi.source is None or connection is None or kpi.source.reach is connection.reach:
            continue
        given = f"'{connection.key}' leads to {_named(connection.reach)}"
        needed = _NEEDED.get(connection.reach)
        remedy = f"write {needed}" if needed else "it needs no sql, path or file"
        yield Trouble(Kpi, key, ("source",), f"{given}; {remedy}")


def _named(reach: Reach) -> str:
    return {Reach.SQL: "a database", Reach.HTTP: "an HTTP service", Reach.FOLDER: "files"}.get(reach, "a sheet")


def sources_of_calculated_kpis(draft: Draft) -> Iterator[Trouble]:
    """Yield calculated KPIs that are fetched as well: there would be two answers."""
    for key, kpi in draft.all(Kpi).items():
        if kpi.formula is not None and kpi.source is not None:
            problem = f"'{key}' is calculated: {kpi.formula.text}; keep the formula or the source"
            yield Trouble(Kpi, key, ("source",), problem)


def queries_that_are_not_there(draft: Draft) -> Iterator[Trouble]:
    """Yield sources whose query has no file in ``queries/``."""
    for key, kpi in draft.all(Kpi).items():
        name = kpi.source.sql if kpi.source else None
        if name is not None and name not in draft.queries:
            meant = nearest(name, draft.queries)
            hint = f"did you mean '{meant}'?" if meant else "write the query there"
            yield Trouble(Kpi, key, ("source", "sql"), f"there is no file queries/{name}; {hint}")


def sources_never_due(draft: Draft) -> Iterator[Trouble]:
    """Yield cron lines, of sources and of the refresh schedule, that are wrong or name a day that never comes."""
    for key, kpi in draft.all(Kpi).items():
        problem = never_due(kpi.source.at) if kpi.source and kpi.source.at else None
        if problem is not None:
            yield Trouble(Kpi, key, ("source", "at"), problem)
    schedule = draft.one(RefreshSchedule)
    for word in schedule.model_fields_set if schedule else ():
        problem = never_due(getattr(schedule, word))
        if problem is not None:
            yield Trouble(RefreshSchedule, "", (word,), problem)
