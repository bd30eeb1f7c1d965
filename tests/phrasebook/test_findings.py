"""What a condition saw is told as it was: for how long, how far on the way back, and with the condition's own count."""

from typing import Any

import pytest

from bot.core.calendar import Calendar
from bot.core.conditions import Surroundings
from bot.core.evaluate import explain
from bot.core.history import History
from bot.core.kpi import Kpi
from bot.core.periods import Frequency
from bot.core.standing import stand
from bot.core.verdict import Breached
from bot.core.words import Language
from bot.phrasebook import Phrasebook, shipped_messages
from tests.core.examples import MADRID, NOW, history, make_kpi, make_rule, policy_of

BOOK = Phrasebook(None, shipped_messages())
LOWER = make_kpi(direction="lower_is_better", target=5.0)
BAND = make_kpi(unit="percent", direction="within_band", target={"low": 85, "high": 95})
DAILY = make_kpi(frequency="daily")
NOISE = (10.0, 11.0, 12.0, 9.0, 10.0) * 6


def told(kpi: Kpi, rule: dict[str, Any], seen: History, language: Language, *, firing: bool = False) -> str:
    """Give what ``/kpi why`` says of a broken rule, without its name and what becomes of it."""
    policy = policy_of(kpi)
    made = make_rule(**rule)
    verdict = explain(kpi, made, seen, firing=firing, around=Surroundings(NOW, Calendar(MADRID)))
    assert isinstance(verdict, Breached)
    said = BOOK.say(
        "why_kpi", language, standing=stand(policy, kpi, "", seen, NOW), record=None,
        verdicts=[(made, verdict, None)], policy=policy, now=NOW,
    )  # fmt: skip
    return str(said.items[0]).split("*: ")[1].split(". ")[0].replace("\u00a0", " ")


EASED: list[tuple[Kpi, dict[str, Any], History, str, str]] = [
    (
        LOWER, {"above": {"limit": 4, "recovery": 3}}, history(5.0, 3.5),
        "3.5, no longer above the limit of 4, but not yet back to 3",
        "3,5, ya no por encima del límite de 4, pero aún sin volver a 3",
    ),
    (
        make_kpi(), {"below": {"limit": 4, "recovery": 5}}, history(3.0, 4.5),
        "4.5, no longer below the limit of 4, but not yet back to 5",
        "4,5, ya no por debajo del límite de 4, pero aún sin volver a 5",
    ),
    (
        BAND, {"outside": {"low": 85, "high": 95, "recovery": {"low": 87, "high": 93}}}, history(80.0, 86.0),
        "86%, no longer outside its range of 85% to 95%, but not yet back to 87%",
        "86 %, ya no fuera de su rango de 85 % a 95 %, pero aún sin volver a 87 %",
    ),
    (
        LOWER, {"reaches": {"limit": 4, "recovery": 3}}, history(5.0, 3.5),
        "3.5, no longer at its limit of 4, but not yet back to 3",
        "3,5, ya no en su límite de 4, pero aún sin volver a 3",
    ),
    (
        LOWER, {"worsens_for": {"periods": "3 periods", "recovery": "2 periods"}}, history(1.0, 2.0, 3.0, 4.0, 2.5),
        "2.5, no longer worse each time, but not yet 2 months in a row without getting worse",
        "2,5, ya no empeora cada vez, pero aún no han pasado 2 meses sin empeorar",
    ),
    (
        DAILY, {"anomaly": {"seen": "2 of 3"}},
        history(*NOISE, 50.0, 60.0, 11.0, last="2026-11-21", frequency=Frequency.DAILY),
        "but 2 of the last values were not", "pero 2 de los últimos valores no lo eran",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kpi", "when", "seen", "english", "spanish"), EASED, ids=[next(iter(one[1])) for one in EASED]
)
def test_an_open_alert_on_its_way_back_is_not_said_to_be_where_it_was(
    kpi: Kpi, when: dict[str, Any], seen: History, english: str, spanish: str
) -> None:
    assert told(kpi, {"when": when}, seen, Language.EN, firing=True).endswith(english)
    assert told(kpi, {"when": when}, seen, Language.ES, firing=True).endswith(spanish)


@pytest.mark.parametrize(
    ("rule", "values", "english", "spanish"),
    [
        ({"when": {"above": 4}}, (3, 5, 5, 5), "above the limit of 4, for 3 months", "límite de 4, durante 3 meses"),
        ({"when": {"above": 4}}, (5,) * 15, "for at least 12 months", "durante al menos 12 meses"),
        ({"when": {"above": 4}}, (3, 5), "above the limit of 4", "límite de 4"),
        (
            {"when": {"rises": {"by": "10 %", "over": "3 periods"}}, "for": "2 periods"},
            (100, 100, 100, 120, 130),
            "up 30% in 3 months (from 100), for at least 2 months",
            "sube un 30 % en 3 meses (desde 100), durante al menos 2 meses",
        ),
        (
            {"when": {"worsens_for": "3 periods"}, "for": "2 periods"},
            (1, 2, 3, 4, 5, 6),
            "worse 3 months in a row (from 3), for at least 2 months",
            "(desde 3), durante al menos 2 meses",
        ),
    ],
)
def test_how_long_it_has_lasted_is_said_beside_the_condition_s_own_count(
    rule: dict[str, Any], values: tuple[float, ...], english: str, spanish: str
) -> None:
    assert told(LOWER, rule, history(*values), Language.EN).endswith(english)
    assert told(LOWER, rule, history(*values), Language.ES).endswith(spanish)
