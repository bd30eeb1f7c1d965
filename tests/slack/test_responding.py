"""Answering a click through its response_url: ever plainer while it is refused for its blocks, and quietly at that."""

import json
from typing import Any

import pytest

from bot.core.speech import Chart, Line, Speech
from bot.slack.blocks import message
from bot.slack.responding import respond
from tests.slack.company import Answered, listening

SPEECH = Speech(
    text="Churn rate",
    headline="Churn rate",
    body="*4.31 %*",
    chart=Chart(title="Churn", labels=("Sep", "Oct"), lines=(Line(name="Value", values=(2.0, 4.3)),)),
)


def kinds(body: dict[str, Any]) -> list[str]:
    return [block["type"] for block in body.get("blocks", ())]


@pytest.mark.parametrize(
    ("refused", "shown"),
    [
        ((), ["header", "section", "data_visualization"]),
        (("data_visualization",), ["header", "section"]),
        (("data_visualization", "header"), None),
    ],
)
def test_an_answer_refused_for_its_blocks_comes_plainer(refused: tuple[str, ...], shown: list[str] | None) -> None:
    taken: list[dict[str, Any]] = []

    def answer(_headers: dict[str, str], body: bytes) -> Answered:
        sent = json.loads(body)
        if any(kind in refused for kind in kinds(sent)):
            return Answered(status=400, body="invalid_blocks")
        taken.append(sent)
        return Answered(body="ok")

    with listening(answer) as address:
        respond(address, message(SPEECH))
    (said,) = taken
    assert (said["response_type"], said["replace_original"]) == ("ephemeral", False)
    assert said["text"] == "Churn rate"
    if shown is not None:
        assert kinds(said) == shown
    else:
        assert not {"header", "data_visualization"} & set(kinds(said))


def test_an_answer_that_is_not_taken_is_logged_by_its_status_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with listening(lambda _headers, body: Answered(status=500, body=body.decode())) as address:
        respond(f"{address}/secret-address", message(SPEECH))
    said = capsys.readouterr()
    assert "http_500" in said.out
    for secret in ("4.31", "secret-address", "Churn"):
        assert secret not in said.out + said.err
