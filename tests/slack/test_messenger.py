"""Posting, editing and finding again, against the sandbox's Web API over real HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import DeliveryClass, DeliveryError
from bot.core.speech import Button, Chart, Line, Speech
from bot.flows.deliver import Messenger, Posted
from bot.slack.messenger import SlackMessenger
from tests.slack.company import ANA, GUEST, LOBBY, NOW, OPERATIONS, REVENUE, Company

SPEECH = Speech(
    text="Churn rate needs attention",
    headline="Churn rate",
    body="*4.3 %*",
    chart=Chart(title="Churn", labels=("Sep", "Oct"), lines=(Line(name="Value", values=(2.0, 4.3)),)),
    buttons=(Button(action="acknowledge", value="a1b2", text="Acknowledge"),),
)
LONG_AGO = NOW - timedelta(days=1)


@pytest.fixture
def messenger(small: Company) -> SlackMessenger:
    return SlackMessenger(small.client)


def post(messenger: Messenger, destination: str = REVENUE, **changes: Any) -> Posted:
    given: dict[str, Any] = {"token": "t0", "thread": None, "loud": False}
    return messenger.post(destination, SPEECH, **{**given, **changes})


def test_a_post_carries_words_blocks_and_an_opaque_token(small: Company, messenger: SlackMessenger) -> None:
    posted = post(messenger, token="opaque-1")
    (call,) = small.sandbox.calls("chat.postMessage")
    assert posted == Posted(channel=REVENUE, ts=small.sandbox.channel("revenue").posts[-1].ts)
    message = small.sandbox.channel("revenue").posts[-1]
    assert message.text == "Churn rate needs attention"
    assert [block["type"] for block in message.blocks] == ["header", "section", "data_visualization", "actions"]
    assert message.metadata == {"event_type": "kpi_bot", "event_payload": {"id": "opaque-1"}}
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == (False, False)


def test_a_post_whose_connection_breaks_is_sent_once(small: Company, messenger: SlackMessenger) -> None:
    small.sandbox.faults.plan("cut_after", method="chat.postMessage")
    with pytest.raises(DeliveryError) as caught:
        post(messenger)
    assert caught.value.kind is DeliveryClass.AMBIGUOUS
    assert len(small.sandbox.calls("chat.postMessage")) == 1


def test_a_reply_stands_in_the_thread_and_a_loud_one_in_the_channel_too(
    small: Company, messenger: SlackMessenger
) -> None:
    first = post(messenger)
    quiet = post(messenger, thread=first.ts, token="t1")
    loud = post(messenger, thread=first.ts, token="t2", loud=True)
    thread = {reply.ts: reply.broadcast for reply in small.sandbox.channel("revenue").posts[0].thread}
    assert thread == {quiet.ts: False, loud.ts: True}


def test_a_direct_message_lands_in_the_conversation_with_the_person(small: Company, messenger: SlackMessenger) -> None:
    posted = post(messenger, ANA)
    assert posted.channel.startswith("D")
    assert [message.ts for message in small.sandbox.user("ana").direct] == [posted.ts]


def test_an_edit_replaces_words_and_blocks_and_keeps_the_token(small: Company, messenger: SlackMessenger) -> None:
    posted = post(messenger)
    messenger.edit(posted.channel, posted.ts, Speech(text="Churn rate has recovered", body="Fine again"))
    message = small.sandbox.channel("revenue").posts[-1]
    assert (message.text, [block["type"] for block in message.blocks]) == ("Churn rate has recovered", ["section"])
    assert messenger.find(REVENUE, "t0", since=LONG_AGO, thread=None) == posted
    assert not message.edited


@pytest.mark.parametrize(
    ("mishap", "kind"),
    [("deleted", DeliveryClass.GONE), ("archived", DeliveryClass.DESTINATION), ("revoked", DeliveryClass.CREDENTIALS)],
)
def test_an_edit_that_is_refused_says_why(
    small: Company, messenger: SlackMessenger, mishap: str, kind: DeliveryClass
) -> None:
    posted = post(messenger)
    mishaps: dict[str, Callable[[], object]] = {
        "deleted": lambda: small.sandbox.delete(small.sandbox.channel("revenue").posts[-1]),
        "archived": lambda: small.sandbox.archive("revenue"),
        "revoked": small.sandbox.revoke_token,
    }
    mishaps[mishap]()
    with pytest.raises(DeliveryError) as caught:
        messenger.edit(posted.channel, posted.ts, SPEECH)
    assert caught.value.kind is kind


def test_a_message_is_found_by_its_token_among_others(small: Company, messenger: SlackMessenger) -> None:
    for number in range(3):
        post(messenger, token=f"other-{number}")
    wanted = post(messenger, token="wanted")
    small.sandbox.user("bruno").say("wanted", "revenue")
    assert messenger.find(REVENUE, "wanted", since=LONG_AGO, thread=None) == wanted
    assert messenger.find(REVENUE, "never-sent", since=LONG_AGO, thread=None) is None


def test_a_reply_is_found_in_its_thread(small: Company, messenger: SlackMessenger) -> None:
    first = post(messenger)
    reply = post(messenger, thread=first.ts, token="reply")
    assert messenger.find(REVENUE, "reply", since=LONG_AGO, thread=first.ts) == reply
    assert messenger.find(REVENUE, "reply", since=LONG_AGO, thread=None) is None


def test_a_direct_message_is_found_by_the_persons_id(small: Company, messenger: SlackMessenger) -> None:
    posted = post(messenger, ANA, token="direct")
    assert messenger.find(ANA, "direct", since=LONG_AGO, thread=None) == posted


def test_what_was_said_before_is_not_looked_at(small: Company, messenger: SlackMessenger) -> None:
    post(messenger, token="early")
    small.sandbox.clock.advance(timedelta(hours=2))
    assert messenger.find(REVENUE, "early", since=NOW + timedelta(hours=1), thread=None) is None


def test_the_look_up_reads_page_after_page_but_not_for_ever(small: Company, messenger: SlackMessenger) -> None:
    wanted = post(messenger, token="first")
    for number in range(450):
        small.sandbox.user("bruno").say(f"chatter {number}", "revenue")
    assert messenger.find(REVENUE, "first", since=LONG_AGO, thread=None) == wanted
    assert len(small.sandbox.calls("conversations.history")) == 3
    for number in range(600):
        small.sandbox.user("bruno").say(f"more chatter {number}", "revenue")
    with pytest.raises(DeliveryError, match="too_much_history"):
        messenger.find(REVENUE, "first", since=LONG_AGO, thread=None)


@pytest.mark.parametrize("destination", [LOBBY, OPERATIONS, GUEST])
def test_a_look_up_without_the_scope_is_refused_not_empty(small: Company, destination: str) -> None:
    small.sandbox.workspace.tokens = type(small.sandbox.workspace.tokens)(scopes=frozenset({"chat:write"}))
    with pytest.raises(DeliveryError, match=r"missing_scope|not_in_channel"):
        SlackMessenger(small.client).find(destination, "t0", since=LONG_AGO, thread=None)


@pytest.mark.parametrize("fault", ["rate_limit", "server_error", "html", "cut_json", "cut_before"])
def test_a_look_up_that_fails_is_an_error_and_never_a_missing_message(
    small: Company, messenger: SlackMessenger, fault: str
) -> None:
    post(messenger)
    small.sandbox.faults.plan(fault, method="conversations.history")
    with pytest.raises(DeliveryError):
        messenger.find(REVENUE, "t0", since=LONG_AGO, thread=None)
