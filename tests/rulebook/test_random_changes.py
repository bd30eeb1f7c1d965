"""Whatever is done to a good file, reading it gives a policy or a refusal with places, never another error."""

import re
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import PolicyRefused
from bot.rulebook import read_policy
from tests.rulebook.small_company import FILES, write_small_company

PIECES = [
    "", " ", "\n", "\n  ", "\t", ":", ": ", "- ", "{", "}", "[", "]", ",", "&a ", "*a", "!!x ", "<<: ", "#", "'", '"',
    "|", ">", "?", "%", "---\n", "...\n", "null", "~", "true", "no", "010", "1e999", ".nan", "-1", "9" * 400, "é",
    "\x00", "\u2028", "{low: 1, high: 0}", "[[]]", "{}", "key: a", "2026-Q9", "0 periods", "low", "churn_rate", "ceo",
    "reaches: {limit: 1}", "\ufeff", "x" * 300,
]  # fmt: skip


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, str]:
    file = draw(st.sampled_from(sorted(FILES)))
    text = FILES[file]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 25)))
        text = text[:start] + draw(st.sampled_from(PIECES) | st.text(max_size=4)) + text[end:]
    return file, text


@settings(max_examples=150, deadline=2000)
@given(changed())
def test_changed_file_is_taken_or_refused_with_places(change: tuple[str, str]) -> None:
    file, text = change
    with tempfile.TemporaryDirectory() as name:
        folder = write_small_company(Path(name))
        (folder / file).write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            read_policy(folder)
        except PolicyRefused as refused:
            for fault in refused.faults:
                content = folder / fault.file
                lines = _lines(content.read_bytes()) if content.is_file() else 1
                assert 1 <= fault.line <= lines
                assert fault.column >= 1
                assert fault.problem


@settings(max_examples=100, deadline=2000)
@given(st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = write_small_company(Path(name))
        (folder / "kpis/noise.yaml").write_bytes(content)
        try:
            read_policy(folder)
        except PolicyRefused as refused:
            assert all(fault.file == "kpis/noise.yaml" for fault in refused.faults)


def _lines(content: bytes) -> int:
    """Count lines as YAML does: it also breaks them at a few characters that editors show as one line."""
    return len(re.findall("[\n\r\x85\u2028\u2029]", content.decode("utf-8", "replace"))) + 2
