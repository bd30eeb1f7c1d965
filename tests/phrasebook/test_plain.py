"""The built-in words: the same key facts without any template."""

import pytest

from bot.phrasebook.facts import FACTS
from bot.phrasebook.plain import plain
from bot.phrasebook.samples import samples


@pytest.mark.parametrize("notice", sorted(FACTS))
def test_every_message_can_be_said_without_a_template(notice: str) -> None:
    for _, facts in samples(notice):
        said = plain(notice, **facts)
        assert said.text.strip()
        assert "\n" not in said.text
        assert not set("<>") & set(said.body)


def test_an_alert_keeps_its_key_facts() -> None:
    said = plain("alert_opened", **dict(samples("alert_opened"))["firing"])
    assert said.text == "Critical: Churn rate needs attention"
    for fact in (
        "value 4.3%",
        "target ≤\u00a02.5%",
        "owner Ada Reyes",
        "Acknowledge by 2026-11-22 08:05 UTC",
        "churn-rate-critical",
    ):
        assert fact in said.body


def test_a_summary_keeps_its_key_facts() -> None:
    said = plain("kpi_summary", **dict(samples("kpi_summary"))["alert"])
    assert said.text == "Churn rate, value 4.3%, target ≤\u00a02.5%, status red, owner Ada Reyes."


def test_what_people_wrote_is_harmless_here_too() -> None:
    assert (
        plain("bad_input", place="value", problem="<!channel>").body
        == "Bad input: place value, problem &lt;!channel&gt;"
    )


def test_missing_facts_do_not_stop_it() -> None:
    assert plain("busy").text == "That did not work just now. Please try again in a minute."
    assert plain("digest_daily").text == "Digest daily"
