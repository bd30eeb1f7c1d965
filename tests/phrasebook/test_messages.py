"""What the shipped messages promise beyond their words: dots, names, comparisons and the order of things."""

from typing import Any, get_args

import pytest

from bot.core.periods import Frequency, parse_label
from bot.core.source_notices import Failure
from bot.core.standing import Running, Status
from bot.core.words import Language
from bot.phrasebook import Phrasebook, shipped_messages
from bot.phrasebook.samples import samples

EN = Language.EN
BOOK = Phrasebook(None, shipped_messages())


def facts(notice: str, case: str = "") -> dict[str, Any]:
    return dict(samples(notice))[case]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("case", [case for case, _ in samples("alert_opened")])
def test_an_open_alert_never_has_a_green_dot_and_a_closed_one_never_looks_open(case: str, language: Language) -> None:
    told = facts("alert_opened", case)
    green = told["standing"].model_copy(update={"status": Status.GREEN})
    said = BOOK.say("alert_opened", language, **told | {"standing": green})
    ended = "↗" if case == "outgrown" else "✅"
    assert said.headline[0] in ("🔴🟡🔵" if told["alert"].is_open else ended)


@pytest.mark.parametrize(
    ("case", "changed", "status", "dot"),
    [
        ("firing", {}, Status.YELLOW, "🔴"),
        ("money", {}, Status.RED, "🔴"),
        ("money", {}, Status.BLUE, "🟡"),
        ("money", {"acknowledge_within": None, "respond_within": None}, Status.RED, "🔵"),
        ("money", {"acknowledge_within": None}, Status.GREEN, "🟡"),
    ],
)
def test_the_dot_of_an_alert_tells_its_urgency(case: str, changed: dict[str, None], status: Status, dot: str) -> None:
    told = facts("alert_opened", case)
    told["priority"] = told["priority"].model_copy(update=changed)
    told["standing"] = told["standing"].model_copy(update={"status": status})
    assert BOOK.say("alert_opened", EN, **told).headline.startswith(dot)
    assert BOOK.say("alert_passed_on", EN, **told).headline.startswith(dot)


@pytest.mark.parametrize(
    ("status", "attainment", "headline"),
    [
        (Status.YELLOW, 78.0, "🟡 No longer critical · Churn rate"),
        (Status.RED, 58.0, "🔴 No longer critical · Churn rate"),
        (Status.GREEN, 95.0, "✅ No longer critical · Churn rate"),
        (Status.GREEN, 100.0, "✅ Recovered · Churn rate"),
        (Status.BLUE, 100.0, "✅ Recovered · Churn rate"),
    ],
)
def test_what_still_misses_its_target_is_not_called_recovered(status: Status, attainment: float, headline: str) -> None:
    told = facts("alert_opened", "recovered")
    told["standing"] = told["standing"].model_copy(update={"status": status, "attainment": attainment})
    assert BOOK.say("alert_opened", EN, **told).headline == headline


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("churn-rate-critical", "Critical level"),
        ("churn-rate-warning", "Warning level"),
        ("churn-worsening", "churn-worsening"),
    ],
)
def test_a_threshold_is_named_in_words_and_a_rule_of_its_own_by_its_id(rule: str, name: str) -> None:
    told = facts("alert_opened", "firing")
    told["alert"] = told["alert"].model_copy(update={"rule": rule})
    assert BOOK.say("alert_opened", EN, **told).footer.startswith(f"{name} · ")


@pytest.mark.parametrize(("before", "said"), [(66.6, "Sales: 🟡 67 at risk"), (68.4, "Sales: 🟡 67 at risk −1")])
def test_scores_are_compared_as_they_are_shown_and_no_move_is_not(before: float, said: str) -> None:
    told = facts("digest_daily", "first, sample, late")
    one = next(one for one in told["digest"].departments if one.department.key == "sales")
    moved = one.model_copy(update={"before": before})
    told["digest"] = told["digest"].model_copy(update={"departments": (moved,)})
    assert BOOK.say("digest_daily", EN, **told).fields == (said,)


def test_the_departments_of_a_digest_come_worst_first() -> None:
    told = facts("digest_daily")
    for departments in (told["digest"].departments, told["digest"].departments[::-1]):
        told["digest"] = told["digest"].model_copy(update={"departments": departments})
        fields = BOOK.say("digest_daily", EN, **told).fields
        assert [field.partition(":")[0] for field in fields] == ["Sales", "Marketing"]


def test_acknowledging_tells_what_to_type_next() -> None:
    told = facts("act_answer", "without action")
    told["kpi"] = told["kpi"].model_copy(update={"aliases": ("churn", "cancellations")})
    assert "`/kpi ack churn …`" in BOOK.say("act_answer", EN, **told).body


@pytest.mark.parametrize("failure", get_args(Failure))
def test_every_failure_of_a_source_has_words_in_both_languages(failure: str) -> None:
    english, spanish = (BOOK.word(f"source_{failure}", language) for language in (EN, Language.ES))
    assert english != spanish
    for said in (english, spanish):
        assert len(said.split()) >= 2


@pytest.mark.parametrize(
    ("frequency", "periods", "said"),
    [
        (Frequency.MONTHLY, 1, "4,3 %, peor que el valor anterior (2,9 %)"),
        (Frequency.MONTHLY, 3, "4,3 %, 3 meses seguidos a peor (desde 2,9 %)"),
        (Frequency.WEEKLY, 3, "4,3 %, 3 semanas seguidas a peor (desde 2,9 %)"),
    ],
)
def test_a_run_for_the_worse_agrees_in_gender_and_number(frequency: Frequency, periods: int, said: str) -> None:
    told = facts("alert_opened", "rule of its own")
    seen = told["alert"].finding._replace(periods=periods)
    told["alert"] = told["alert"].model_copy(update={"finding": seen})
    told["kpi"] = told["kpi"].model_copy(update={"frequency": frequency})
    words = BOOK.say("alert_opened", Language.ES, **told)
    assert said in words.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "said"),
    [(EN, " · November 2026 so far: €30K"), (Language.ES, " · noviembre de 2026, hasta ahora: 30 mil €")],
)
def test_a_digest_says_what_there_is_of_a_running_period_beside_what_is_judged(language: Language, said: str) -> None:
    told = facts("digest_daily")
    item = next(item for item in told["digest"].lead if item.standing.kpi.key == "pipeline_value")
    running = Running(period=parse_label("2026-11", Frequency.MONTHLY), value=30_000.0, target=5_000_000.0)
    item = item.model_copy(update={"standing": item.standing.model_copy(update={"running": running})})
    digest = told["digest"].model_copy(update={"lead": (item,), "rest": (item,)})
    words = BOOK.say("digest_daily", language, **told | {"digest": digest})
    assert all(said in part.replace("\u00a0", " ") for part in (words.items[0], words.rest))
