"""What a person names behind a KPI: one of its segments, a span of time, both in any order, or neither."""

from datetime import date

from bot.core.entering import segment_named
from bot.core.kpi import Kpi
from bot.core.policy import Policy
from bot.core.spans import Span, UnknownSpan, read_span


def segment_and_span(policy: Policy, kpi: Kpi, words: str, today: date) -> tuple[str, Span | None]:
    """Read ``[segment] [span]``: the segment ("" for the total), and the span where one is named.

    Raises UnknownSpan about the words that are left over where the segment ends.
    """
    segment = segment_named(policy, kpi, words)
    if segment is not None:
        return segment, None
    typed = words.split()
    left_over = words
    for cut in range(len(typed)):
        begun, ended = " ".join(typed[:cut]), " ".join(typed[cut:])
        for named, spoken in ((begun, ended), (ended, begun)):
            segment, span = segment_named(policy, kpi, named), _span(policy, spoken, today)
            if segment is not None and span is not None:
                return segment, span
        left_over = ended if segment_named(policy, kpi, begun) is not None else left_over
    return "", read_span(left_over, today, policy.company.year_begins)


def _span(policy: Policy, words: str, today: date) -> Span | None:
    try:
        return read_span(words, today, policy.company.year_begins)
    except UnknownSpan:
        return None
