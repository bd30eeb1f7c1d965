"""What happens when people press the buttons."""

import re

import pytest

from bot.core.speech import Button, Speech, Style
from bot.phrasebook import ButtonChoice
from bot.sandbox import Message, Reply
from bot.slack.messenger import SlackMessenger
from bot.store import alerts, outbox
from tests.slack.company import ANA, EXECUTIVE, LOBBY, NOW, REVENUE, Company


def posted_alert(small: Company, alert: str, channel: str = REVENUE) -> Message:
    """The alert's message in a channel, with its buttons."""
    choices = [
        ButtonChoice("acknowledge", alert, Style.PRIMARY),
        ButtonChoice("resolve", alert),
        ButtonChoice("why", alert),
    ]
    language = small.policy.company.language
    buttons = tuple(small.house.phrasebook.button(*one[:2], language, style=one.style) for one in choices)
    speech = Speech(text="Churn rate", body="Churn rate", buttons=buttons)
    SlackMessenger(small.client).post(channel, speech, token=alert, thread=None, loud=False)
    return small.sandbox.channel(channel).posts[-1]


def red_churn(small: Company) -> str:
    opened = small.record("churn_rate", 4.3, "2026-10")
    assert opened is not None
    return opened


def only_theirs(reply: Reply) -> str:
    assert reply.error is None
    assert reply.ephemeral
    return reply.plain


def test_the_first_press_wins_and_the_second_is_told_who(served: Company) -> None:
    alert = red_churn(served)
    message = posted_alert(served, alert)
    assert "is yours" in only_theirs(served.sandbox.user("ana").click(message, "Acknowledge"))
    with served.database.reading() as tx:
        told = outbox.sent_for_alert(tx, alert)
    assert "@Ana Alba" in only_theirs(served.sandbox.user("bruno").click(message, "Acknowledge"))
    with served.database.reading() as tx:
        found = alerts.get(tx, alert)
        assert outbox.sent_for_alert(tx, alert) == told
    assert found is not None
    assert (found.acknowledged_by, found.acknowledged_at) == (ANA, NOW)
    assert served.nudges == 1


def test_a_button_on_a_closed_alert_answers_with_its_present_state(served: Company) -> None:
    message = posted_alert(served, red_churn(served))
    assert "is closed" in only_theirs(served.sandbox.user("ana").click(message, "Resolve"))
    for press in ("Acknowledge", "Resolve"):
        said = only_theirs(served.sandbox.user("carla").click(message, press))
        assert "already resolved by @Ana Alba, 24 Nov 2026, 10:00" in said
    assert message.plain.startswith("Churn rate")


def test_why_is_answered_for_the_one_who_asked(served: Company) -> None:
    message = posted_alert(served, red_churn(served))
    assert "churn-rate-critical" in only_theirs(served.sandbox.user("carla").click(message, "Why?"))


def test_a_stranger_presses_in_vain(served: Company) -> None:
    alert = red_churn(served)
    message, ghost = posted_alert(served, alert), posted_alert(served, "0123456789ab")
    for press in ("Acknowledge", "Resolve", "Why?"):
        said = only_theirs(served.sandbox.user("guest").click(message, press))
        assert said == only_theirs(served.sandbox.user("guest").click(ghost, press))
    with served.database.reading() as tx:
        found = alerts.get(tx, alert)
    assert found is not None
    assert found.state == "firing"


def test_a_shared_answer_is_said_in_the_channel_in_its_language_with_who_shared_it(served: Company) -> None:
    red_churn(served)
    answer = served.sandbox.user("ana").command("/kpi churn", "revenue")
    said = only_theirs(served.sandbox.user("ana").click(answer, "Share"))
    assert "is on its way" in said
    assert served.nudges == 1
    served.deliver()
    shared = served.sandbox.channel(REVENUE).posts[-1]
    assert "Tasa de cancelación: 4,3\u00a0%" in shared.plain
    assert "@Ana Alba" in shared.plain
    assert "actions" not in [block["type"] for block in shared.blocks]


def charted(message: Message | Reply) -> list[float]:
    """The values a message draws, without their targets."""
    (chart,) = (block["chart"] for block in message.blocks if block["type"] == "data_visualization")
    return [point["value"] for point in chart["series"][0]["data"]]


def test_a_shared_answer_draws_the_span_that_was_asked_for(served: Company) -> None:
    for month, value in enumerate((2.0, 2.1, 2.2, 2.3, 2.4), start=6):
        served.record("churn_rate", value, f"2026-{month:02d}")
    answer = served.sandbox.user("ana").command("/kpi churn last quarter", "revenue")
    only_theirs(served.sandbox.user("ana").click(answer, "Share"))
    served.deliver()
    shared = served.sandbox.channel(REVENUE).posts[-1]
    assert charted(shared) == charted(answer) == [2.1, 2.2, 2.3]


@pytest.mark.parametrize(("kpi", "value", "period"), [("mrr", 412345, "2026-10"), ("churn_rate", 4.3, "2026-10")])
def test_notification_of_a_shared_restricted_kpi_names_no_figure(
    served: Company, kpi: str, value: float, period: str
) -> None:
    served.record(kpi, value, period)
    answer = served.sandbox.user("ana").command(f"/kpi {kpi}", "executive")
    only_theirs(served.sandbox.user("ana").click(answer, "Share"))
    served.deliver()
    shared = served.sandbox.channel(EXECUTIVE).posts[-1]
    figures = re.findall(r"\d", shared.text)
    assert bool(figures) is (kpi == "churn_rate")
    assert ("412" if kpi == "mrr" else "4.3") in shared.plain


def test_sharing_where_not_everybody_may_see_is_refused_without_a_figure(served: Company) -> None:
    red_churn(served)
    answer = served.sandbox.user("ana").command("/kpi churn", "lobby")
    said = only_theirs(served.sandbox.user("ana").click(answer, "Share"))
    assert "is not cleared for this KPI" in said
    assert "4.3" not in said
    served.deliver()
    assert served.sandbox.channel(LOBBY).posts == []


def test_sharing_a_kpi_one_may_not_see_is_answered_like_one_that_does_not_exist(served: Company) -> None:
    small, said = served, []
    for key in ("mrr", "qqq"):
        button = Button(action="share", value=f"{key}|", text="Share")
        SlackMessenger(small.client).post(
            LOBBY, Speech(text="x", body="x", buttons=(button,)), token=key, thread=None, loud=False
        )
        message = small.sandbox.channel(LOBBY).posts[-1]
        said.append(only_theirs(small.sandbox.user("guest").click(message, "Share")))
    assert said[0] == said[1].replace("qqq", "mrr")
    assert "No KPI is called" in said[0]


def test_a_button_of_another_version_is_answered(served: Company) -> None:
    button = Button(action="snooze", value="0123456789ab", text="Snooze")
    SlackMessenger(served.client).post(
        LOBBY, Speech(text="x", body="x", buttons=(button,)), token="t", thread=None, loud=False
    )
    message = served.sandbox.channel(LOBBY).posts[-1]
    assert "There is no open alert" in only_theirs(served.sandbox.user("ana").click(message, "Snooze"))


def test_an_answer_that_cannot_be_shown_does_not_undo_what_the_press_did(served: Company) -> None:
    alert = red_churn(served)
    message = posted_alert(served, alert)
    served.sandbox.faults.plan("cut_before", method="response_url", times=None)
    served.sandbox.user("ana").click(message, "Acknowledge", timeout=0.3)
    with served.database.reading() as tx:
        found = alerts.get(tx, alert)
    assert found is not None
    assert found.acknowledged_by == ANA
