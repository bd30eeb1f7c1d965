"""Excel workbooks as spreadsheet programs write them, made from their parts."""

import io
import zipfile
from collections.abc import Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm"/>'
    '<numFmt numFmtId="165" formatCode="0.0%"/><numFmt numFmtId="166" formatCode="0.0&quot;day %&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/><xf numFmtId="14"/><xf numFmtId="166"/></cellXfs></styleSheet>'
)
"""Styles by number: 0 plain, 1 own date, 2 own percent, 3 built-in date, 4 a plain number with words behind it."""


def worksheet(rows: str) -> str:
    return f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def workbook(sheets: Mapping[str, str], *, texts: tuple[str, ...] = (), since_1904: bool = False) -> bytes:
    """Give a workbook of worksheets by name; texts: the inside of each shared text."""
    numbers = range(1, len(sheets) + 1)
    places = {number: f"{'/xl/' if number == 2 else ''}worksheets/sheet{number}.xml" for number in numbers}
    listed = (f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, sheets, strict=True))
    related = (f'<Relationship Id="rId{number}" Type="w" Target="{place}"/>' for number, place in places.items())
    days = '<workbookPr date1904="1"/>' if since_1904 else "<workbookPr/>"
    shared = "".join(f"<si>{text}</si>" for text in texts)
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    named = f"{days}<sheets>{''.join(listed)}</sheets>"
    files = {
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}">{named}</workbook>',
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{package}">{"".join(related)}</Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'{_XML}<sst xmlns="{_MAIN}">{shared}</sst>',
        **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in zip(numbers, sheets.values(), strict=True)},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for path, text in files.items():
            book.writestr(path, text)
    return packed.getvalue()
