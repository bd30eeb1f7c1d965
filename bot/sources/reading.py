"""Reading a KPI's source, of whatever kind, within its time."""

from collections.abc import Callable
from pathlib import Path

from bot.core.kpi import Kpi
from bot.core.policy import Policy
from bot.core.source import Connection, Reach, Source
from bot.sources import files, http_json, sheet, sql
from bot.sources.deadline import within
from bot.sources.rows import Row, SourceFailed
from bot.sources.span import Span

_GRACE_SECONDS = 5.0


class Reader:
    """Reads sources with the secrets and folders of where the bot runs.

    secret: gives what an environment variable holds, None when it is not set; home: the rules folder.
    """

    def __init__(self, secret: Callable[[str], str | None], home: Path) -> None:
        self._secret, self._home = secret, home

    def read(self, policy: Policy, kpi: Kpi, span: Span) -> list[Row]:
        """Give the rows of a KPI's source. Raises SourceFailed, at the latest soon after the connection's seconds."""
        source = kpi.source
        if source is None:
            raise SourceFailed("setting", f"{kpi.key} has no source", passing=False)
        connection = policy.sources.connections[source.connection]
        secret = self._secret_of(connection)
        query = policy.sources.queries.get(source.sql or "", "")
        return within(connection.seconds + _GRACE_SECONDS, lambda: self._rows(source, connection, secret, query, span))

    def _rows(self, source: Source, connection: Connection, secret: str | None, query: str, span: Span) -> list[Row]:
        match connection.reach:
            case Reach.SQL:
                return sql.read(source, connection, address=secret or "", query=query, span=span)
            case Reach.HTTP:
                return http_json.read(source, connection, token=secret, span=span)
            case Reach.FOLDER:
                folder = self._home / (connection.folder or "")
                return files.read(source, connection, folder=folder, span=span, query=query)
            case Reach.SHEET:
                return sheet.read(source, connection, span=span)

    def _secret_of(self, connection: Connection) -> str | None:
        if connection.variable is None:
            return None
        secret = self._secret(connection.variable)
        if not secret:
            problem = f"{connection.variable} is not set; set it, or {connection.variable}_FILE"
            raise SourceFailed("setting", problem, passing=False)
        return secret
