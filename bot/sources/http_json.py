"""Values from a web service that answers in JSON."""

import json

from bot.core.source import Connection, Source
from bot.sources.addresses import Address, check_listed, read_address
from bot.sources.json_rows import parse_json, rows_of
from bot.sources.rows import Row, SourceFailed
from bot.sources.span import Span
from bot.sources.web import PUBLIC, Answer, Wire, ask

_PASSING = (408, 425, 429)
_SECRET = (401, 403, 407)


def read(source: Source, connection: Connection, *, token: str | None, span: Span, wire: Wire = PUBLIC) -> list[Row]:
    """Ask a service once and give the rows of its answer.

    token: sent as bearer token, or as it stands in the connection's own header, to the connection's own host and port
    and no other. ``{since}`` and ``{until}`` in the
    path and in what is posted stand for the first day wanted and the first no longer wanted. Raises SourceFailed.
    """
    address = _address(source, connection, span)
    body = None if source.post is None else _dated(json.dumps(source.post), span).encode()
    own = (address.host, address.port) == _own(connection)
    headers = _headers(connection, token if own else None) | (
        {} if body is None else {"Content-Type": "application/json"}
    )
    answer = ask(
        address, seconds=connection.seconds, headers=headers, body=body, loopback=connection.loopback, wire=wire
    )
    _check_status(answer.status, connection)
    _check_kind(answer)
    return rows_of(parse_json(answer.body), source)


def _address(source: Source, connection: Connection, span: Span) -> Address:
    """Give where to ask: the connection's address and the source's path, or the whole address the source names."""
    base_text, path = connection.http or "", _dated(source.path or "", span)
    host, port = _own(connection)
    if not path.startswith(("https:", "http:")):
        path = base_text.rstrip("/") + ("" if path[:1] in ("", "?") else "/") + path.lstrip("/")
    address = read_address(path, loopback=connection.loopback)
    check_listed(address, [f"{host}:{port}", *connection.hosts])
    return address


def _own(connection: Connection) -> tuple[str, int]:
    base = read_address(connection.http or "", loopback=connection.loopback)
    return base.host, base.port


def _dated(text: str, span: Span) -> str:
    return text.replace("{since}", span.since.isoformat()).replace("{until}", span.until.isoformat())


def _headers(connection: Connection, token: str | None) -> dict[str, str]:
    accept = {"Accept": "application/json"}
    if token is None:
        return accept
    if not token.strip().isascii() or not token.strip().isprintable() or not token.strip():
        problem = f"the variable {connection.token} holds no token: it is empty, or has characters no header can carry"
        raise SourceFailed("setting", problem, passing=False)
    if connection.header is None:
        return {**accept, "Authorization": f"Bearer {token.strip()}"}
    return {**accept, connection.header: token.strip()}


def _check_status(status: int, connection: Connection) -> None:
    """Raise SourceFailed for all but a plain 200, saying whether it may pass."""
    if status == 200:
        return
    if 300 <= status < 400:
        problem = f"the service sends on to another address ({status}), which is never followed; write that one"
        raise SourceFailed("redirected", problem, passing=False)
    if status in _SECRET:
        remedy = f"look at the variable {connection.token}" if connection.token else "give the connection a token"
        raise SourceFailed("refused", f"the service wants other credentials ({status}); {remedy}", passing=False)
    if status in (404, 410):
        raise SourceFailed("not_found", f"the service has nothing at this path ({status}); mend it", passing=False)
    passing = status >= 500 or status in _PASSING
    raise SourceFailed("status", f"the service answered {status} in place of values", passing=passing)


def _check_kind(answer: Answer) -> None:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("application/json", "text/json") or (kind.startswith("application/") and kind.endswith("+json")):
        return
    named = (
        "a web page" if kind in ("text/html", "application/xhtml+xml") else "something that does not call itself JSON"
    )
    problem = f"the service answered with {named}; is this the address of its programming interface?"
    raise SourceFailed("not_json", problem, passing=False)
