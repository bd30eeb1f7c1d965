"""What stands behind the name of a KPI: a segment, a span of time, both or neither."""

from datetime import date

import pytest

from bot.core.naming import segment_and_span
from bot.core.policy import Dimension
from bot.core.spans import UnknownSpan, read_span
from tests.core.examples import make_kpi, policy_of

TODAY = date(2026, 11, 22)
SIZES = Dimension.model_validate(
    {"key": "size", "name": "Size", "members": {"small": "Small firms", "march": "March customers", "q3": "Q3"}}
)
KPI = make_kpi(segments=("size",))
POLICY = policy_of(KPI, dimensions={"size": SIZES})


@pytest.mark.parametrize(
    ("words", "segment", "span"),
    [
        ("", "", None),
        ("small", "size:small", None),
        ("Small firms", "size:small", None),
        ("last 6 months", "", "last 6 months"),
        ("small last 6 months", "size:small", "last 6 months"),
        ("last 6 months small firms", "size:small", "last 6 months"),
        ("size:small since January", "size:small", "since January"),
        ("March customers March 2026", "size:march", "March 2026"),
        ("march customers", "size:march", None),
        ("Q3", "size:q3", None),
        ("Q3 2025", "", "Q3 2025"),
        ("Q3 Q4", "size:q3", "Q4"),
    ],
)
def test_a_segment_and_a_span_are_read_in_any_order(words: str, segment: str, span: str | None) -> None:
    wanted = read_span(span, TODAY) if span else None
    assert segment_and_span(POLICY, KPI, words, TODAY) == (segment, wanted)


@pytest.mark.parametrize(
    ("words", "asked"), [("soon", "soon"), ("small soon", "soon"), ("small firms big ones", "big ones")]
)
def test_what_is_neither_is_named_without_what_was_understood(words: str, asked: str) -> None:
    with pytest.raises(UnknownSpan) as refused:
        segment_and_span(POLICY, KPI, words, TODAY)
    assert refused.value.asked == asked
