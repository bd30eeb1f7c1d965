import subprocess
import sys
import textwrap
import zipfile
from io import BytesIO

import pytest

from bot.core.source import Fields, Source
from bot.sources.column_rows import rows_of
from bot.sources.excel import read_workbook
from bot.sources.rows import MOST_ROWS, Row, SourceFailed
from tests.sources.asking import SPAN, unplaced
from tests.sources.workbooks import workbook, worksheet

TEXTS = ("<t>at</t>", "<r><t>val</t></r><r><t>ue</t></r><rPh><t>spoken</t></rPh>", "<t>region:eu</t>")
HEADER = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'


def rows(body: bytes, sheet: str | None = None, fields: Fields | None = None) -> list[Row]:
    source = Source(connection="f", file="a.xlsx", fields=fields)
    return unplaced(rows_of(read_workbook(body, sheet), source, SPAN))


def failure(body: bytes, sheet: str | None = None) -> SourceFailed:
    with pytest.raises(SourceFailed) as failed:
        rows(body, sheet)
    return failed.value


def lines(*cells: str) -> bytes:
    return workbook({"Data": worksheet(HEADER + "".join(f"<row>{cell}</row>" for cell in cells))}, texts=TEXTS)


def test_dates_percents_and_formulas_are_what_a_person_sees() -> None:
    book = lines(
        '<c r="A2" s="1"><v>46327</v></c><c r="B2" s="2"><v>0.029</v></c>',
        '<c r="A3" s="3"><v>46357</v></c><c r="B3"><f>1+1</f><v>2</v></c>',
        '<c r="A4" t="inlineStr"><is><t>2027-01</t></is></c><c r="B4" s="4"><v>3.5</v></c>',
        '<c r="A5" t="str"><f>x</f><v>2027-02</v></c><c r="B5" t="str"><v>1,234.5</v></c>',
    )
    assert rows(book) == [Row(2.9, "2026-11-01"), Row(2, "2026-12-01"), Row(3.5, "2027-01"), Row(1234.5, "2027-02")]


def test_days_can_count_from_1904() -> None:
    cells = '<row><c r="A2" s="1"><v>44865</v></c><c r="B2"><v>1</v></c></row>'
    assert rows(workbook({"D": worksheet(HEADER + cells)}, texts=TEXTS, since_1904=True)) == [Row(1, "2026-11-01")]


def test_a_worksheet_is_chosen_by_its_name_and_never_guessed() -> None:
    first = worksheet(HEADER + '<row><c r="A2" t="str"><v>2026-11</v></c><c r="B2"><v>1</v></c></row>')
    second = first.replace("<v>1</v></c></row></sheetData>", "<v>2</v></c></row></sheetData>")
    book = workbook({"One": first, "Two": second}, texts=TEXTS)
    assert rows(book, "Two") == [Row(2, "2026-11")]
    assert failure(book).problem == "the workbook has 2 worksheets: 'One', 'Two'; name one with worksheet"
    assert failure(book, "Three").code == "worksheet"


def test_empty_cells_and_columns_without_a_name_do_no_harm() -> None:
    book = lines(
        '<c r="B2"/>',
        '<c r="A3" t="str"><v>2026-11</v></c><c r="B3"><v>4</v></c><c r="D3" t="str"><v>a note</v></c>',
        '<c r="A4" t="str"><v>2026-12</v></c>',
    )
    assert rows(book) == [Row(4, "2026-11")]


def test_a_formula_that_was_never_calculated_is_told() -> None:
    failed = failure(lines('<c r="A2" t="str"><v>2026-11</v></c><c r="B2"><f>SUM(C1:C9)</f></c>'))
    assert "B2" in failed.problem
    assert "save it again" in failed.problem


def test_an_error_in_a_cell_is_no_number() -> None:
    failed = failure(lines('<c r="A2" t="str"><v>2026-11</v></c><c r="B2" t="e"><v>#DIV/0!</v></c>'))
    assert (failed.code, "row 2" in failed.problem, "DIV" in failed.problem) == ("no_number", True, False)


DATA = worksheet(HEADER)
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("book", "code"),
    [
        (b"", "not_excel"),
        (b"PK\x03\x04 no zip", "not_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "not_excel"),
        (workbook({"D": DATA})[:-40], "not_excel"),
        (workbook({"D": "<worksheet><unclosed>"}), "not_excel"),
        (workbook({"D": BOMB + "<worksheet>&b;</worksheet>"}), "not_excel"),
        (workbook({"D": OUTSIDE + "<worksheet>&a;</worksheet>"}), "not_excel"),
        (workbook({"D": BOMB.encode("utf-16").decode("latin-1")}), "not_excel"),
        (workbook({"D": worksheet('<row><c r="A1" t="s"><v>9</v></c></row>')}), "not_excel"),
        (workbook({"D": worksheet('<row><c r="A1" s="1"><v>1e300</v></c></row>')}), "not_excel"),
        (workbook({"D": worksheet('<row><c r="A1"><v>x</v></c></row>')}), "not_excel"),
        (workbook({"D": worksheet('<row><c r="ZZZ1"><v>1</v></c></row>')}), "too_many"),
        (workbook({"D": worksheet('<row><c r="a1"><v>1</v></c></row>')}), "too_many"),
        (workbook({"D": worksheet("<row/>" * (MOST_ROWS + 1))}), "no_column"),
        (workbook({"D": worksheet(" " * 135_000_000)}), "too_large"),
        (workbook({"D": worksheet("")}), "no_column"),
        (workbook({}), "worksheet"),
    ],
    ids=range(17),
)
def test_a_workbook_that_is_none_or_means_harm_is_refused(book: bytes, code: str) -> None:
    assert failure(book).code == code


def test_a_workbook_with_a_password_says_so() -> None:
    book = BytesIO(lines())
    marked = bytearray(book.getvalue())
    with zipfile.ZipFile(book) as opened:
        assert opened.namelist()
    at = marked.find(b"PK\x01\x02")
    while at >= 0:  # the bit that says encrypted, in every entry of the directory
        marked[at + 8] |= 1
        at = marked.find(b"PK\x01\x02", at + 4)
    assert "password" in failure(bytes(marked)).problem


def measured(rows: str) -> tuple[str, int]:
    """Read a worksheet in a process of its own: the word for why it is refused (or none), and its peak in MiB."""
    script = """
        import re, sys
        from bot.sources.excel import read_workbook
        from bot.sources.rows import SourceFailed
        told = ""
        try:
            read_workbook(sys.stdin.buffer.read(), None)
        except SourceFailed as failed:
            told = failed.code
        peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
        print(told or "none", int(peak[1]) // 1024)
    """
    book = workbook({"Sheet1": worksheet(rows)})
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], input=book, capture_output=True, check=True)
    told, peak = done.stdout.split()
    return told.decode(), int(peak)


def test_a_header_that_reaches_far_makes_no_row_wide() -> None:
    header = '<row r="1"><c r="A1" t="str"><v>value</v></c><c r="ALL1" t="str"><v>z</v></c></row>'
    told, peak = measured(header + "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 50_000)))
    assert told == "none"
    assert peak < 250, "a cell for each of a thousand columns would take 400 MiB"


def test_rows_are_counted_by_their_numbers_and_cells_have_a_cap() -> None:
    one = "".join(f'<c r="A{n}"><v>1</v></c>' for n in range(1, MOST_ROWS + 2))
    assert failure(workbook({"Sheet1": worksheet(f'<row r="1">{one}</row>')})).code == "too_many"
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    many = "".join(
        f'<row>{"".join(f"""<c r="{c}{n}"><v>1</v></c>""" for c in letters)}</row>' for n in range(1, 39_000)
    )
    told, peak = measured(many)
    assert told == "too_many"
    assert peak < 600


def test_a_workbook_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(SourceFailed) as failed:
        read_workbook(workbook({"Sheet1": worksheet(HEADER)}), None, seconds=-1)
    assert failed.value.code == "timeout"
