"""Nobody is shown what they may not see, on any surface, and cannot tell that it exists."""

import pytest

from bot.sandbox import Message
from tests.stage import Stage

SECRET_FIGURE, SECRET = "187.5%", "roi"
NONSENSE = "zzqy"


@pytest.fixture
def told(stage: Stage) -> Stage:
    stage.push("roi_performance", 187.5, "2026-10")
    stage.push("churn_rate", 4.3, "2026-11")
    stage.settle()
    return stage


@pytest.mark.parametrize("person", ["wanda", "maeve"])
@pytest.mark.parametrize("line", ["{}", "why {}", "ack {}", "resolve {}", "set {} 3"])
def test_a_kpi_one_may_not_see_is_answered_like_one_that_does_not_exist(told: Stage, person: str, line: str) -> None:
    user = told.sandbox.user(person)
    hidden = user.command("/kpi " + line.format(SECRET), "#general")
    missing = user.command("/kpi " + line.format(NONSENSE), "#general")
    assert hidden.ephemeral and missing.ephemeral
    assert hidden.plain.replace(SECRET, "X") == missing.plain.replace(NONSENSE, "X")


@pytest.mark.parametrize("person", ["wanda", "maeve", "tove"])
@pytest.mark.parametrize("line", ["", "list", "alerts", "report daily", "help"])
def test_lists_hold_only_what_the_reader_may_see(told: Stage, person: str, line: str) -> None:
    reply = told.sandbox.user(person).command(f"/kpi {line}", "#general")
    assert reply.message is not None
    for words in (SECRET_FIGURE, "Return on investment", "Churn rate", "4.3%"):
        assert words not in reply.plain


def test_a_department_sees_its_own_and_nothing_of_another(told: Stage) -> None:
    quentin = told.sandbox.user("quentin")
    assert "4.3%" in quentin.command("/kpi churn", "#customer-success").plain
    assert SECRET_FIGURE not in quentin.command("/kpi roi", "#customer-success").plain


def share(stage: Stage, channel: str) -> tuple[str, list[Message]]:
    ana = stage.sandbox.user("ana")
    before = len(stage.posts(channel))
    reply = ana.click(ana.command("/kpi churn", channel), "Share")
    stage.settle()
    return reply.plain, stage.posts(channel)[before:]


def test_sharing_shows_it_to_a_channel_that_may_see_it_once(told: Stage) -> None:
    _, posted = share(told, "#customer-success")
    (post,) = posted
    assert "4.3%" in post.plain and "Ana Castellanos" in post.plain


@pytest.mark.parametrize("channel", ["#general", "#engineering"])
def test_sharing_into_a_channel_that_may_not_see_it_is_refused(told: Stage, channel: str) -> None:
    words, posted = share(told, channel)
    assert posted == []
    assert "4.3" not in words


def test_somebody_elses_button_press_is_held_to_their_own_clearance(told: Stage) -> None:
    (post,) = told.posts("#customer-success")
    reply = told.sandbox.user("wanda").click(post, "Acknowledge")
    assert "Churn" not in reply.plain
    told.settle()
    assert "Wanda" not in told.posts("#customer-success")[0].plain


def test_the_notification_of_a_restricted_kpi_names_neither_it_nor_a_figure(told: Stage) -> None:
    (post,) = told.posts("#finance")
    assert SECRET_FIGURE in post.plain
    assert SECRET_FIGURE not in post.text and "Return on investment" not in post.text
