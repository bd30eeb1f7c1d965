"""Values from a Google sheet that its owner published to the web as CSV."""

from urllib.parse import parse_qs

from bot.core.source import Connection, Source
from bot.core.source_notices import Failure
from bot.sources.addresses import Address, read_address
from bot.sources.column_rows import read_csv, rows_of
from bot.sources.rows import Row, SourceFailed
from bot.sources.span import Span
from bot.sources.web import PUBLIC, Answer, Wire, ask

_HOST = "docs.google.com"
_CONTENT = ".googleusercontent.com"
"""Where Google keeps what it publishes: the one redirect that is followed leads there."""
_PUBLISH = "in the sheet choose File, Share, Publish to web, as comma-separated values, and take that address"


def read(source: Source, connection: Connection, *, span: Span, wire: Wire = PUBLIC) -> list[Row]:
    """Fetch the published CSV and give its rows. Raises SourceFailed."""
    answer = ask(_published(connection.sheet or ""), seconds=connection.seconds / 2, wire=wire)
    if 300 <= answer.status < 400:
        answer = ask(_content(answer), seconds=connection.seconds / 2, wire=wire)
    _check(answer)
    return rows_of(read_csv(answer.body), source, span)


def _published(text: str) -> Address:
    address = read_address(text)
    path, _, query = address.target.partition("?")
    asked = parse_qs(query)
    if (address.scheme, address.host, address.port) != ("https", _HOST, 443) or not path.startswith("/spreadsheets/"):
        raise _failed("address", f"the address is none of a Google sheet; {_PUBLISH}")
    if asked.get("output") != ["csv"] and asked.get("format") != ["csv"]:
        raise _failed("address", f"the address does not end in output=csv; {_PUBLISH}")
    return address


def _content(answer: Answer) -> Address:
    """Give where the content lies; any other place, such as the sign-in page, means the sheet is not published."""
    try:
        address = read_address(answer.headers.get("location", ""))
    except SourceFailed:
        raise _failed("redirected", "the sheet sends on to an address that cannot be read") from None
    if address.host == "accounts.google.com":
        raise _unpublished()
    if not address.host.endswith(_CONTENT) or address.port != 443:
        raise _failed("redirected", "the sheet sends on to a place outside Google's own, which is not followed")
    return address


def _check(answer: Answer) -> None:
    """Raise SourceFailed for all but CSV."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status == 429 or answer.status >= 500:
        raise SourceFailed("status", f"Google answered {answer.status} in place of the sheet", passing=True)
    if 300 <= answer.status < 400:
        raise _failed("redirected", "the sheet sends on twice, which is not followed")
    if answer.status in (401, 403, 404, 410) or kind in ("text/html", "application/xhtml+xml"):
        raise _unpublished()
    if answer.status != 200 or kind != "text/csv":
        raise _failed("not_csv", f"Google did not answer with CSV ({answer.status}); {_PUBLISH}")


def _unpublished() -> SourceFailed:
    return _failed("unpublished", f"Google answered with a page, not the sheet: it is not published; {_PUBLISH}")


def _failed(code: Failure, problem: str) -> SourceFailed:
    return SourceFailed(code, problem, passing=False)
