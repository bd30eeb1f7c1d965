"""A Bolt app on the official JavaScript framework, written as its examples are, works on both transports."""

import contextlib
import subprocess
from collections.abc import Iterator

import pytest

from bot.sandbox import BotApp, Sandbox, Shortcut, serve
from tests.oracles.node import HERE, environment, need_node
from tests.sandbox.fixtures import small_sandbox

APP = BotApp(
    name="Days off",
    commands=("/leave", "/again"),
    subscriptions=frozenset({"app_home_opened", "app_mention"}),
    shortcuts=(Shortcut("ask_leave", "Ask for leave"),),
)


@contextlib.contextmanager
def running(sandbox: Sandbox, transport: str) -> Iterator[None]:
    """Start the app as a process of its own; it ends when its input does."""
    settings = {"SLACK_API_URL": sandbox.api_url, "SLACK_BOT_TOKEN": "xoxb-sandbox"}
    settings |= {
        "http": {"SLACK_SIGNING_SECRET": sandbox.signing_secret, "SLACK_APP_TOKEN": ""},
        "socket": {"SLACK_APP_TOKEN": "xapp-sandbox"},
    }[transport]
    command = ["node", str(HERE / "foreign_app.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(settings)
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        said = process.stdout.readline().strip()
        assert said, "the app did not start"
        sandbox.connect(f"http://127.0.0.1:{said}/slack/events" if transport == "http" else None)
        if transport == "socket":
            sandbox.wait_for(lambda: sandbox.sockets.count)
        yield
        process.stdin.close()
        process.wait(timeout=10)


@pytest.fixture(scope="module", params=["http", "socket"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    need_node()
    built = small_sandbox(app=APP)
    with serve(built), running(built, request.param):
        yield built


def test_a_command_leads_to_a_button_a_modal_and_a_message(sandbox: Sandbox) -> None:
    ana = sandbox.user("ana")
    assert ana.command("/leave", "#revenue").error is None
    asked = sandbox.channel("#revenue").wait_for_post("Holiday?")
    modal = ana.click(asked, "Ask for leave").view
    assert modal is not None and "How many days" in modal.plain

    offered = ana.suggest(modal, "colleague", "mari")
    assert [option["value"] for option in offered] == ["Maria Lopez", "Mario Rossi"]
    refused = ana.submit(modal, {"How many days": "many", "Who stands in": offered[0]})
    assert refused.errors == {"days": "Write a number of days."}
    assert ana.view is not None

    ana.submit(modal, {"How many days": "3"})
    post = sandbox.channel("#revenue").wait_for_post("stands in")
    assert "away for 3 days; Maria Lopez stands in" in post.plain
    assert ana.view is None


def test_an_acknowledgement_with_words_is_shown_to_the_one_who_typed(sandbox: Sandbox) -> None:
    reply = sandbox.user("bob").command("/leave help", "#revenue")
    assert reply.ephemeral
    assert reply.text.startswith("Type /leave alone")


def test_an_answer_is_changed_in_place_through_its_response_url(sandbox: Sandbox) -> None:
    ana = sandbox.user("ana")
    answer = ana.command("/again", "#revenue")
    assert answer.message is not None
    ana.click(answer, "Change")
    sandbox.wait_for(lambda: answer.message is not None and answer.message.text == "Changed in place.")


def test_its_home_is_shown(sandbox: Sandbox) -> None:
    home = sandbox.user("bob").home()
    assert home is not None
    assert "25" in home.plain


def test_a_mention_is_answered_in_its_thread(sandbox: Sandbox) -> None:
    reply = sandbox.user("ana").mention("good morning", "#revenue")
    assert reply.message is not None
    assert reply.message.text == "Hello <@U0ANA>"
    assert reply.message.thread_ts


def test_a_shortcut_opens_its_modal(sandbox: Sandbox) -> None:
    opened = sandbox.user("bob").shortcut("ask_leave")
    assert opened.view is not None
    assert "Ask for leave" in opened.view.plain
