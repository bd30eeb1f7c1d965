"""What Slack would take passes, and what it would refuse is refused at its place, with its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.slack.limit_blocks import BLOCKS
from bot.slack.limit_elements import ELEMENTS
from bot.slack.limit_rich_text import LEAVES, PARTS
from bot.slack.limits import check_blocks
from tests.slack import limit_cases, limit_examples
from tests.slack.limit_cases import Case
from tests.slack.limit_envelopes import BY_HAND
from tests.slack.limit_refusals import mrkdwn, section


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: case.name)
def test_a_payload_has_exactly_the_faults_written_beside_it(case: Case) -> None:
    assert {(fault.pointer, fault.code) for fault in case.judged()} == set(case.faults)


def broken(cases: Iterator[Case]) -> list[str]:
    """The names of the cases that come out differently."""
    return [f"{case.name}: {list(map(str, case.judged()))}" for case in cases if not case.holds()]


def test_every_complete_and_every_least_example_passes() -> None:
    assert broken(limit_cases.passing()) == []


@pytest.mark.parametrize(
    "family",
    [
        limit_cases.wrong_types,
        limit_cases.fields_too_many_and_too_few,
        limit_cases.lengths,
        limit_cases.counts,
        limit_cases.bounds,
        limit_cases.forms_and_choices,
        limit_cases.kinds,
        limit_cases.surfaces,
    ],
    ids=lambda family: family.__name__,
)
def test_what_fits_passes_and_what_does_not_is_refused_at_its_place(family: Callable[[], Iterator[Case]]) -> None:
    assert broken(family()) == []


def test_there_is_an_example_of_every_block_element_part_and_leaf() -> None:
    assert set(limit_examples.FULL_BLOCKS) == set(limit_examples.LEAST_BLOCKS) == set(BLOCKS)
    assert set(limit_examples.FULL_ELEMENTS) == set(limit_examples.LEAST_ELEMENTS) == set(ELEMENTS)
    assert set(limit_examples.FULL_PARTS) == set(limit_examples.LEAST_PARTS) == set(PARTS)
    assert set(limit_examples.LEAVES) == set(LEAVES)


def test_a_fault_reads_like_slack_says_it() -> None:
    (fault,) = check_blocks([section(text=mrkdwn("a" * 3001))], "message")
    assert str(fault) == "[ERROR] must be no more than 3000 characters, has 3001 [json-pointer:/blocks/0/text/text]"


def test_a_fault_of_a_kind_names_the_kinds_that_may_stand_there() -> None:
    (fault,) = check_blocks([section(text={"type": "markdown", "text": "a"})], "message")
    assert fault.problem == "unsupported type: markdown, may be plain_text, mrkdwn"


def test_a_block_on_the_wrong_surface_is_told_where_it_belongs() -> None:
    (fault,) = check_blocks([{"type": "markdown", "text": "a"}], "modal")
    assert fault.problem == "markdown is not allowed in a modal, only in message"


def test_a_length_counts_characters_not_bytes_nor_halves_of_a_pair() -> None:
    assert check_blocks([section(text=mrkdwn("🚀" * 3000))], "modal") == []
    assert [fault.pointer for fault in check_blocks([section(text=mrkdwn("é" * 3001))], "modal")] == [
        "/blocks/0/text/text"
    ]
