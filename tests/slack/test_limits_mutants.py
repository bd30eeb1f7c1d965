"""Deleting any one limit from the validator makes a case come out differently."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.slack import limits
from bot.slack.limit_blocks import BLOCKS
from bot.slack.limit_rules import Chars, Shape
from bot.slack.limit_together import UniqueBlockIds
from tests.slack.limit_cases import derived
from tests.slack.limit_envelopes import BY_HAND
from tests.slack.limit_mutations import Judges, Mutant, every_limit, every_mutant


@pytest.fixture(scope="module")
def judges() -> Judges:
    return Judges([*BY_HAND, *derived()])


def mutants(part: str) -> list[Mutant]:
    chosen = [mutant for mutant in every_mutant() if part in mutant.name]
    assert chosen
    return chosen


def test_no_limit_can_be_deleted_unnoticed(judges: Judges) -> None:
    everything = every_mutant()
    assert len(everything) > 2000
    assert judges.survivors(everything) == []


def test_a_limit_without_a_case_is_named(judges: Judges) -> None:
    assert judges.survivors(mutants("[header].optional[level].most"), leaving_out="header") == [
        "limits.BLOCK_LISTS[message].blocks.rule.table[header].optional[level].most: 5 instead of 4",
        "limits.BLOCK_LISTS[message].blocks.rule.table[header].optional[level].most: 3 instead of 4",
    ]


def test_a_rule_between_blocks_without_a_case_is_named(judges: Judges) -> None:
    looser = "limits.TOGETHER[4:AtMost].most: 3 instead of 2"
    assert judges.survivors(mutants(looser)) == []
    assert judges.survivors(mutants(looser), leaving_out="charts") == [looser]


def test_a_new_limit_without_a_case_is_named(judges: Judges, monkeypatch: pytest.MonkeyPatch) -> None:
    header = BLOCKS["header"]
    assert isinstance(header, Shape)
    monkeypatch.setitem(header.optional, "subtitle", Chars(10))
    assert judges.survivors(mutants("[header].optional: without subtitle")) == [
        "limits.BLOCK_LISTS[message].blocks.rule.table[header].optional: without subtitle"
    ]
    assert len(judges.survivors(mutants("[header].optional[subtitle]"))) == 3


def test_a_new_rule_between_blocks_without_a_case_is_named(judges: Judges, monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class AgainUnique(UniqueBlockIds):
        """Says what another rule says already."""

    monkeypatch.setattr(limits, "TOGETHER", (*limits.TOGETHER, AgainUnique()))
    assert judges.survivors(mutants("without AgainUnique")) == ["limits.TOGETHER: without AgainUnique"]


def test_every_object_of_the_tables_is_visited() -> None:
    visited = {id(limit.holder) for limit in every_limit()}
    assert all(id(block) in visited for block in BLOCKS.values())
    assert {type(limit.holder).__name__ for limit in every_limit()} >= {
        "Chars",
        "Choice",
        "Items",
        "Number",
        "OneKind",
        "Shape",
        "Nullable",
        "OnlyOn",
        "MessageLimits",
        "ViewLimits",
        "BlockList",
    }


def test_the_validator_is_whole_again_after_a_mutant(judges: Judges) -> None:
    before = [mutant.name for mutant in every_mutant()]
    judges.survivors(mutants("[divider]"))
    assert [mutant.name for mutant in every_mutant()] == before
    assert all(case.holds() for case in BY_HAND)
