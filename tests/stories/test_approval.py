"""A board KPI from the owner's head to the record: asked for, entered, laid before the CEO, returned, approved."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox import Message
from bot.store import values
from tests.databases import database_url
from tests.rulebook.small_company import write_small_company
from tests.stage import MADRID, Stage, staged

BEFORE_NINE = datetime(2026, 11, 24, 8, 50, tzinfo=MADRID)


@pytest.fixture(params=[("sqlite", "http"), ("sqlite", "socket"), ("postgresql", "http")], ids="-".join)
def company(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Stage]:
    kind, transport = request.param
    rules = write_small_company(tmp_path / "rules")
    revenue = rules / "kpis" / "revenue.yaml"
    text = revenue.read_text(encoding="utf-8")
    asked = "unit: percent\n  check_in: {approval: ceo}\n"
    revenue.write_text(text.replace("unit: percent\n", asked), encoding="utf-8")
    url = database_url(kind, tmp_path, worker)
    with staged(url, transport=transport, start=BEFORE_NINE, rules=rules) as stage:
        yield stage


def plain(message: Message) -> str:
    return message.plain.replace("\u00a0", " ").replace("\u202f", " ").replace("*", "")


def seen(stage: Stage, person: str, words: str) -> Message:
    """Wait until somebody's direct conversation with the bot shows the words."""

    def there() -> list[Message]:
        return [one for one in stage.sandbox.user(person).direct if words in plain(one)]

    stage.wait_until(lambda: bool(there()))
    return there()[-1]


def recorded(stage: Stage) -> list[float]:
    with stage.bot.database.reading() as tx:
        return [one.value for one in values.records(tx, "churn_rate", "")]


def enter(stage: Stage, nudge: Message, value: str) -> None:
    bruno = stage.sandbox.user("bruno")
    bruno.click(nudge, "Anotar el valor")
    bruno.submit(bruno.wait_for_modal(), {"value": value})


def test_a_number_counts_once_the_ceo_has_approved_it(company: Stage) -> None:
    ana, bruno = company.sandbox.user("ana"), company.sandbox.user("bruno")
    company.pass_time(timedelta(minutes=15))
    nudge = company.wait_for_direct("bruno")

    enter(company, nudge, "43 %")
    bruno.wait_for_message("Pendiente de la aprobación de Ana Alba (CEO)")
    first = seen(company, "ana", "Churn rate, October 2026: 43%")
    bruno.click(nudge, "Anotar el valor")
    assert bruno.view is None, "while it waits the button says so"
    company.pass_time(timedelta(days=2))
    company.settle()
    assert not any("Sigue faltando" in one.plain for one in bruno.direct)

    ana.click(first, "Return")
    ana.submit(ana.wait_for_modal(), {"reason": "A comma is missing"})
    assert "A comma is missing" in seen(company, "bruno", "ha devuelto").plain
    assert seen(company, "ana", "Returned by").ts == first.ts
    assert recorded(company) == []

    enter(company, nudge, "4,3 %")
    second = seen(company, "ana", "Churn rate, October 2026: 4.3%")
    history = company.sandbox.user("ana").command("/kpi history churn", "executive")
    assert "waiting for Ana Alba (CEO)'s approval" in history.plain
    ana.click(second, "Approve")
    seen(company, "bruno", "ha aprobado Tasa de cancelación")
    assert recorded(company) == [4.3]
    company.wait_for_post("#revenue", "4,3")
    done = seen(company, "ana", "Approved by")
    assert done.ts == second.ts
    assert [block["type"] for block in done.blocks] == ["section"], "there is nothing left to press"
