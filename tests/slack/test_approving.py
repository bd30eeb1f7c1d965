"""Approval in Slack: entered by command or form, approved or returned by buttons, told to both."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.rulebook import read_policy
from bot.sandbox import Message, Reply
from bot.slack.limits import check_view
from bot.store import values
from bot.store.values import Recorded
from tests.slack.company import ANA, BRUNO, EXECUTIVE, Company

DEPUTY = "ceo: {title: CEO, held_by: ana, deputy: carla}"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("*", "")


@pytest.fixture
def approving(served: Company, tmp_path: Path) -> Company:
    """The small company, where the CEO approves what is entered of churn and of the recurring revenue."""
    reworded(served, tmp_path, "kpis/revenue.yaml", "unit: percent\n", "unit: percent\n  check_in: {approval: ceo}\n")
    reworded(served, tmp_path, "kpis/revenue.yaml", "unit: EUR\n", "unit: EUR\n  check_in: {approval: ceo}\n")
    return served


def reworded(served: Company, folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "rules" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    served.policy = read_policy(folder / "rules")


def enter(served: Company, who: str = "bruno", typed: str = "churn 4,3 2026-10") -> str:
    reply = served.sandbox.user(who).command(f"/kpi set {typed}", "lobby")
    assert reply.ephemeral
    served.deliver()
    return plain(reply.plain)


def laid_before(served: Company, who: str = "ana") -> Message:
    return [one for one in served.sandbox.user(who).direct if not one.ephemeral_for][-1]


def stored(served: Company, kpi: str = "churn_rate") -> list[Recorded]:
    with served.database.reading() as tx:
        return values.records(tx, kpi, "")


def returned(served: Company, shown: Message, why: str, who: str = "ana") -> Reply:
    user = served.sandbox.user(who)
    user.click(shown, "Return")
    return user.submit(user.wait_for_modal(), {"reason": why})


def test_the_one_who_entered_hears_whom_it_waits_for_and_nothing_is_recorded(approving: Company) -> None:
    said = enter(approving)
    assert "Pendiente de la aprobación de Ana Alba (CEO): Tasa de cancelación, octubre de 2026, 4,3 %" in said
    assert stored(approving) == []
    shown = laid_before(approving)
    for part in ("Churn rate, October 2026: 4.3%", "Entered by @Bruno Bosch with /kpi set"):
        assert part in plain(shown.plain).replace("`", "")
    assert [one["text"]["text"] for one in _buttons(shown)] == ["Approve", "Return"]


def test_approving_records_the_number_edits_the_message_and_tells_who_entered_it(approving: Company) -> None:
    enter(approving)
    shown = laid_before(approving)
    answered = approving.sandbox.user("ana").click(shown, "Approve")
    assert "Approved: Churn rate is 4.3% for October 2026. @Bruno Bosch is told." in plain(answered.plain)
    (row,) = stored(approving)
    assert (row.value, row.author) == (4.3, BRUNO)
    approving.deliver()
    now = laid_before(approving)
    assert now.ts == shown.ts
    assert "Approved by @Ana Alba" in plain(now.plain)
    assert _buttons(now) == []
    assert "@Ana Alba ha aprobado Tasa de cancelación" in plain(approving.sandbox.user("bruno").direct[-1].plain)
    history = approving.sandbox.user("carla").command("/kpi history churn", "lobby")
    assert "typed by @Bruno Bosch, approved by @Ana Alba" in plain(history.plain)


def test_a_second_press_says_who_was_first_and_when(approving: Company) -> None:
    enter(approving)
    shown = laid_before(approving)
    approving.sandbox.user("ana").click(shown, "Approve")
    for press in ("Approve", "Return"):
        again = plain(approving.sandbox.user("ana").click(shown, press).plain)
        assert "Nothing changed: @Ana Alba approved Churn rate for October 2026, 24 Nov 2026" in again
    assert approving.sandbox.user("ana").view is None
    assert len(stored(approving)) == 1


def test_returning_asks_why_and_tells_it(approving: Company) -> None:
    enter(approving)
    shown = laid_before(approving)
    assert returned(approving, shown, "Refunds & *fees* are missing").errors in (None, {})
    assert "Returned" in approving.sandbox.user("ana").wait_for_message("is not recorded").plain
    approving.deliver()
    assert stored(approving) == []
    assert "Refunds & ∗fees∗ are missing" in laid_before(approving).plain
    told = approving.sandbox.user("bruno").direct[-1]
    assert "@Ana Alba ha devuelto" in plain(told.plain)
    assert "Refunds & ∗fees∗ are missing" in told.plain


def test_a_return_without_a_reason_is_asked_for_one(approving: Company) -> None:
    enter(approving)
    reply = returned(approving, laid_before(approving), "   ")
    assert (reply.errors or {})["reason"] == "Say in a word or two what is to be mended."
    assert approving.sandbox.user("ana").view is not None


def test_a_form_sent_off_after_somebody_approved_changes_nothing(approving: Company) -> None:
    enter(approving)
    shown, ana = laid_before(approving), approving.sandbox.user("ana")
    ana.click(shown, "Return")
    view = ana.wait_for_modal()
    sent = approving.sandbox.calls("views.open")[-1].arguments["view"]
    assert check_view(json.loads(sent) if isinstance(sent, str) else sent) == []
    assert "4.3" not in str(view.payload.get("private_metadata"))
    ana.click(shown, "Approve")
    ana.submit(view, {"reason": "too late"})
    assert "Nothing changed: @Ana Alba approved" in plain(ana.wait_for_message("Nothing changed").plain)
    assert len(stored(approving)) == 1


def test_the_form_takes_the_same_way_with_its_note(approving: Company) -> None:
    approving.sandbox.user("bruno").command("/kpi set churn", "lobby")
    approving.sandbox.user("bruno").submit(
        approving.sandbox.user("bruno").wait_for_modal(), {"value": "4,3 %", "note": "Según el consejo"}
    )
    assert "Pendiente de la aprobación" in approving.sandbox.user("bruno").wait_for_message("Pendiente").plain
    approving.deliver()
    shown = plain(laid_before(approving).plain)
    assert "Entered by @Bruno Bosch in the form" in shown
    assert "Según el consejo" in shown


def test_the_approvers_own_number_is_recorded_at_once(approving: Company, tmp_path: Path) -> None:
    reworded(approving, tmp_path, "kpis/revenue.yaml", "owner: cro", "owner: ceo")
    assert "Recorded: Churn rate is 4.3% for October 2026" in enter(approving, "ana", "churn 4.3 2026-10")
    assert [row.author for row in stored(approving)] == [ANA]
    assert approving.sandbox.calls("users.info") == []


def test_a_newer_number_edits_the_message_of_the_one_it_replaces(approving: Company) -> None:
    enter(approving)
    first = laid_before(approving)
    approving.sandbox.user("carla").command("/kpi set churn 4.4 2026-10", "lobby")
    again = approving.sandbox.user("ana").click(first, "Approve")
    assert "@Carla Costa entered a newer number" in plain(again.plain)
    approving.deliver()
    shown = [one for one in approving.sandbox.user("ana").direct if one.ts == first.ts]
    assert "Replaced: @Carla Costa entered a newer number" in plain(shown[0].plain)
    assert "4.4%" in laid_before(approving).plain
    assert _buttons(shown[0]) == []
    assert stored(approving) == []


def test_the_deputy_is_asked_when_the_approver_has_left(approving: Company, tmp_path: Path) -> None:
    reworded(approving, tmp_path, "people.yaml", "ceo: {title: CEO, held_by: ana}", DEPUTY)
    approving.sandbox.deactivate("ana")
    assert "Carla Costa (CEO, por suplencia)" in enter(approving)
    shown = laid_before(approving, "carla")
    assert "You are asked as deputy" in shown.plain
    assert "Approved" in approving.sandbox.user("carla").click(shown, "Approve").plain
    assert len(stored(approving)) == 1


def test_what_cannot_reach_the_approver_is_for_nobody_elses_press(approving: Company, tmp_path: Path) -> None:
    approving.sandbox.faults.plan("error", method="chat.postMessage", error="user_disabled", times=1)
    enter(approving)
    (shown,) = [one for one in approving.sandbox.channel(EXECUTIVE).posts if "To approve" in one.text]
    approving.sandbox.user("ana").invite("carla", "executive")
    assert "waits for Ana Alba (CEO)" in plain(approving.sandbox.user("carla").click(shown, "Approve").plain)
    assert stored(approving) == []
    assert "Approved" in approving.sandbox.user("ana").click(shown, "Approve").plain
    approving.deliver()
    (edited,) = [one for one in approving.sandbox.channel(EXECUTIVE).posts if one.ts == shown.ts]
    assert "Approved by @Ana Alba" in plain(edited.plain)


def test_a_stranger_learns_nothing_of_a_number_that_waits(approving: Company) -> None:
    approving.sandbox.faults.plan("error", method="chat.postMessage", error="user_disabled", times=1)
    enter(approving)
    (shown,) = [one for one in approving.sandbox.channel(EXECUTIVE).posts if "To approve" in one.text]
    approving.sandbox.user("ana").invite("guest", "executive")
    for press in ("Approve", "Return"):
        said = approving.sandbox.user("guest").click(shown, press).plain
        assert "There is no such number to approve" in said
    history = approving.sandbox.user("guest").command("/kpi history churn", "lobby").plain
    assert "No KPI is called" in history
    assert "4.3" not in history


def test_the_notification_of_a_restricted_kpi_names_no_figure(approving: Company) -> None:
    enter(approving, typed="mrr 412345 2026-10")
    shown = laid_before(approving)
    assert "412" in shown.plain
    assert "412" not in shown.text
    assert "recurring" not in shown.text
    approving.sandbox.user("ana").click(shown, "Approve")
    approving.deliver()
    assert "412" not in laid_before(approving).text
    assert "412" not in approving.sandbox.user("bruno").direct[-1].text


def test_pushed_values_need_no_approval(approving: Company) -> None:
    approving.record("churn_rate", 3.9, "2026-10")
    assert [row.value for row in stored(approving)] == [3.9]


def test_answers_long_after_the_click_stand_in_the_form(approving: Company) -> None:
    enter(approving)
    ana: Any = approving.sandbox.user("ana")
    ana.click(laid_before(approving), "Return")
    view = ana.wait_for_modal()
    approving.sandbox.clock.advance(timedelta(minutes=40))
    ana.submit(view, {"reason": "Wrong month"})
    assert ana.view is not None
    assert "is not recorded" in json.dumps(ana.view.blocks)


def _buttons(shown: Message) -> list[dict[str, Any]]:
    return [element for block in shown.blocks if block["type"] == "actions" for element in block["elements"]]
