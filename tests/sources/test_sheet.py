from typing import Any

import pytest

from bot.core.source import Connection, Fields, Source
from bot.sources import sheet
from bot.sources.rows import Row, SourceFailed
from tests.sources.asking import SPAN, unplaced
from tests.sources.servers import PUBLIC_MACHINE, Certificates, Reply, Rerouted, answer, serving

PUBLISHED = "https://docs.google.com/spreadsheets/d/e/2PACX-1vQ/pub?gid=0&single=true&output=csv"
CONTENT = "Location: https://doc-0s-sheets.googleusercontent.com/pub/xyz?output=csv"
SHEET = "at,value\r\n2026-10,5\r\n2026-11,7\r\n"
SIGN_IN = "<!DOCTYPE html><html><title>Sign in - Google Accounts</title></html>"
ROWS = [Row(5.0, "2026-10"), Row(7.0, "2026-11")]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


def read(
    certificates: Certificates, *replies: Reply, address: str = PUBLISHED, **given: Any
) -> tuple[Any, list[bytes]]:
    """Give the rows, or the failure, of a sheet that Google serves as told, and what was asked of Google."""
    with serving(*replies, trust=certificates.server()) as server:
        network = Rerouted(server.port)
        connection = Connection(key="board", sheet=address, seconds=6)
        source = Source(connection="board", **given)
        try:
            found: Any = unplaced(sheet.read(source, connection, span=SPAN, wire=certificates.wire(network)))
        except SourceFailed as failed:
            found = failed
        assert {machine for machine, _ in network.meant} <= {PUBLIC_MACHINE}
        return found, server.visits


def test_a_published_sheet_is_read(certificates: Certificates) -> None:
    found, visits = read(certificates, answer(SHEET, "text/csv; charset=utf-8"))
    assert found == ROWS
    assert visits[0].startswith(b"GET /spreadsheets/d/e/2PACX-1vQ/pub?gid=0&single=true&output=csv HTTP/1.1\r\n")
    assert b"authorization" not in visits[0].lower()


def test_the_one_redirect_to_googles_own_content_is_followed(certificates: Certificates) -> None:
    found, visits = read(certificates, answer("", "text/html", "307 See", CONTENT), answer(SHEET, "text/csv"))
    assert found == ROWS
    assert b"host: doc-0s-sheets.googleusercontent.com\r\n" in visits[1].lower()


def test_a_second_redirect_is_not_followed(certificates: Certificates) -> None:
    found, visits = read(certificates, answer("", "text/html", "307 See", CONTENT))
    assert (found.code, len(visits)) == ("redirected", 2)


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example.com/pub?output=csv",
        "https://googleusercontent.com.evil.example/pub",
        "https://evilgoogleusercontent.com/pub",
        "http://doc-0s-sheets.googleusercontent.com/pub",
        "https://doc-0s-sheets.googleusercontent.com:8443/pub",
        "https://doc-0s-sheets.googleusercontent.com@127.0.0.1/pub",
        "https://127.0.0.1/pub",
        "https://[::1]/pub",
        "//doc-0s-sheets.googleusercontent.com/pub",
        "/spreadsheets/again?output=csv",
        "https://docs.google.com/spreadsheets/d/e/other/pub?output=csv",
        "",
    ],
)
def test_no_other_redirect_is_followed(certificates: Certificates, place: str) -> None:
    found, visits = read(certificates, answer("", "text/html", "307 See", f"Location: {place}"))
    assert (found.code, len(visits)) == ("redirected", 1)


@pytest.mark.parametrize(
    "reply",
    [
        answer(SIGN_IN, "text/html; charset=utf-8"),
        answer("", "text/html", "302 Found", "Location: https://accounts.google.com/ServiceLogin?continue=x"),
        answer(SIGN_IN, "text/html", "401 Unauthorized"),
        answer(SIGN_IN, "text/html", "403 Forbidden"),
        answer(SIGN_IN, "text/html", "404 Not Found"),
        answer(SIGN_IN, "text/html", "410 Gone"),
        answer(SIGN_IN, "text/html", "400 Bad Request"),
    ],
    ids=range(7),
)
def test_the_sign_in_page_is_told_as_a_sheet_that_is_not_published(certificates: Certificates, reply: Reply) -> None:
    found, visits = read(certificates, reply)
    assert (found.code, found.passing, len(visits)) == ("unpublished", False, 1)
    assert "Publish to web" in found.problem


@pytest.mark.parametrize(
    ("reply", "code", "passing"),
    [
        (answer("", "text/html", "429 Slow down"), "status", True),
        (answer("", "text/html", "503 Busy"), "status", True),
        (answer(SHEET, "text/plain"), "not_csv", False),
        (answer("at,value\n2026-11,#REF!\n", "text/csv"), "no_number", False),
        (answer("month,value\n2026-11,1\n2026-12,2\n", "text/csv"), "no_time", False),
        (answer("at,amount\n2026-11,1\n", "text/csv"), "no_column", False),
    ],
    ids=range(6),
)
def test_every_other_answer_says_what_is_wrong(
    certificates: Certificates, reply: Reply, code: str, passing: bool
) -> None:
    found, _ = read(certificates, reply)
    assert (found.code, found.passing) == (code, passing)


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.google.com/spreadsheets/d/e/2PACX/pubhtml",
        "https://docs.google.com/spreadsheets/d/e/2PACX/pub?output=xlsx",
        "https://docs.google.com/spreadsheets/d/1abc/edit#gid=0",
        "https://docs.google.com/document/d/e/2PACX/pub?output=csv",
        "https://docs.google.com.evil.example/spreadsheets/d/e/x/pub?output=csv",
        "https://docs.google.com:8443/spreadsheets/d/e/x/pub?output=csv",
        "https://evil.example.com/spreadsheets/d/e/x/pub?output=csv",
        "https://docs.google.com@evil.example.com/spreadsheets/pub?output=csv",
        "https://sheets.example.com/?output=csv",
    ],
)
def test_only_the_published_csv_of_a_google_sheet_is_asked_for(certificates: Certificates, address: str) -> None:
    found, visits = read(certificates, answer(SHEET, "text/csv"), address=address)
    assert (found.code, visits) == ("address", [])


def test_a_sheet_has_columns_of_any_name_and_numbers_as_people_see_them(certificates: Certificates) -> None:
    body = 'Month,"Net, EUR",Region\n2026-10,"€1,234.50",eu\n2026-11,"€980.25",eu\n2026-11,"€9.00",us\n'
    fields = Fields(at="month", value="Net, EUR", segment="Region")
    found, _ = read(certificates, answer(body, "text/csv"), fields=fields, only={"Region": "eu"})
    assert found == [Row(1234.5, "2026-10", "eu"), Row(980.25, "2026-11", "eu")]
