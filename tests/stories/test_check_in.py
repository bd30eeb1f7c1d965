"""A value that lives in somebody's head: asked for in the morning, entered in the form, not asked for again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox import Message
from tests.databases import database_url
from tests.rulebook.small_company import write_small_company
from tests.stage import MADRID, Stage, staged

BEFORE_NINE = datetime(2026, 11, 24, 8, 50, tzinfo=MADRID)


@pytest.fixture(params=["http", "socket"])
def asking(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Stage]:
    rules = write_small_company(tmp_path / "rules")
    revenue = rules / "kpis" / "revenue.yaml"
    text = revenue.read_text(encoding="utf-8")
    revenue.write_text(text.replace("unit: percent\n", "unit: percent\n  check_in: true\n"), encoding="utf-8")
    url = database_url("sqlite", tmp_path, worker)
    with staged(url, transport=request.param, start=BEFORE_NINE, rules=rules) as stage:
        yield stage


def plain(message: Message) -> str:
    return message.plain.replace("\u00a0", " ").replace("\u202f", " ").replace("*", "")


def test_the_owner_is_asked_enters_the_value_and_the_button_then_says_that_it_is_done(asking: Stage) -> None:
    bruno = asking.sandbox.user("bruno")
    asking.bot.catch_up()
    asking.settle()
    assert bruno.direct == []
    asking.pass_time(timedelta(minutes=15))
    nudge = asking.wait_for_direct("bruno")
    assert "¿Cuál es el valor de Tasa de cancelación de octubre de 2026?" in plain(nudge)
    bruno.click(nudge, "Anotar el valor")
    bruno.submit(bruno.wait_for_modal(), {"value": "3,2 %"})
    assert "Anotado: Tasa de cancelación es 3,2 % en octubre de 2026" in plain(bruno.wait_for_message("Anotado"))
    bruno.click(nudge, "Anotar el valor")
    assert "tiene su valor de octubre de 2026" in plain(bruno.wait_for_message("Gracias, ya está"))
    assert bruno.view is None
    asking.pass_time(timedelta(days=2))
    asking.settle()
    assert [message for message in bruno.direct if "Sigue faltando" in message.plain] == []


def test_who_is_not_the_owner_is_not_asked(asking: Stage) -> None:
    asking.pass_time(timedelta(minutes=15))
    asking.wait_for_direct("bruno")
    asking.settle()
    for person in ("ana", "carla"):
        assert asking.sandbox.user(person).direct == []
