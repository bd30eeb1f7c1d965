"""What people get for what they type after ``/kpi``: real requests, real words, real database."""

import pytest

from bot.sandbox import Reply
from bot.store import alerts, audit, values
from bot.store.values import Origin
from tests.slack.company import ANA, BRUNO, EXECUTIVE, Company


def ask(served: Company, who: str, typed: str, channel: str = "lobby") -> Reply:
    reply = served.sandbox.user(who).command(f"/kpi {typed}".rstrip(), channel)
    assert reply.error is None
    assert reply.ephemeral
    return reply


def words(reply: Reply) -> str:
    """What the reader sees, with plain spaces."""
    return reply.plain.replace("\u00a0", " ").replace("\u202f", " ")


def red_churn(company: Company) -> str:
    company.record("churn_rate", 2.0, "2026-09")
    opened = company.record("churn_rate", 4.3, "2026-10")
    assert opened is not None
    return opened


@pytest.mark.parametrize("name", ["churn", "Churn Rate", "churn_rate", "tasa de cancelacion", "chrun rate"])
def test_a_kpi_is_found_by_any_of_its_names(served: Company, name: str) -> None:
    red_churn(served)
    said = words(ask(served, "ana", name))
    for part in ("Churn rate: 4.3%", "≤ 2.5%", "+2.3 points", "Bruno Bosch", "Critical"):
        assert part in said


def test_an_answer_comes_in_the_language_of_the_asker(served: Company) -> None:
    red_churn(served)
    assert "Tasa de cancelación: 4,3 %" in words(ask(served, "bruno", "churn"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Your KPIs"),
        ("help", "/kpi set churn 3.2 2026-10"),
        ("list", "Monthly recurring revenue"),
        ("list operations", "Uptime"),
        ("alerts", "Critical · Churn rate"),
        ("report daily", "KPI digest"),
        ("report", "KPI digest"),
        ("why churn", "churn-rate-critical"),
    ],
)
def test_each_verb_answers(served: Company, typed: str, says: str) -> None:
    red_churn(served)
    assert says in ask(served, "ana", typed).plain


def test_a_department_lists_its_own_kpis_only(served: Company) -> None:
    assert "Churn" not in ask(served, "ana", "list operations").plain


@pytest.mark.parametrize("typed", ["operations", "Operaciones"])
def test_a_department_s_name_alone_lists_it(served: Company, typed: str) -> None:
    assert ask(served, "ana", typed).plain == ask(served, "ana", "list operations").plain


def test_an_unknown_word_is_answered_with_the_nearest_kpis(served: Company) -> None:
    reply = ask(served, "ana", "recurring growth")
    assert "No KPI is called “recurring growth”" in reply.plain
    assert "/kpi mrr" in reply.plain


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "why {}",
        "set {} 3.2",
        "ack {}",
        "resolve {} done",
        "set {} 3.2 2026-10",
        "why {} size:small",
        "ack {} note",
    ],
)
def test_what_may_not_be_seen_is_answered_like_what_does_not_exist(served: Company, line: str) -> None:
    red_churn(served)
    hidden, nonsense = (ask(served, "guest", line.format(word)).message for word in ("mrr", "qqq"))
    assert hidden is not None
    assert nonsense is not None
    swapped = str(nonsense.blocks).replace("qqq", "mrr")
    assert (hidden.text, _without_ids(str(hidden.blocks))) == (
        nonsense.text.replace("qqq", "mrr"),
        _without_ids(swapped),
    )


def _without_ids(blocks: str) -> str:
    import re

    return re.sub(r"'block_id': '[^']*'", "", blocks)


@pytest.mark.parametrize("typed", ["", "list", "list revenue", "alerts", "report daily", "help"])
def test_a_stranger_is_shown_no_kpi_by_any_verb(served: Company, typed: str) -> None:
    red_churn(served)
    said = ask(served, "guest", typed).plain
    for part in ("Churn rate", "4.3", "Monthly recurring", "Uptime", "Critical"):
        assert part not in said


def test_an_alerts_id_tells_a_stranger_nothing(served: Company) -> None:
    alert = red_churn(served)
    for line in (f"why {alert}", f"ack {alert}", f"resolve {alert}"):
        assert "No KPI is called" in ask(served, "guest", line).plain
    with served.database.reading() as tx:
        found = alerts.get(tx, alert)
    assert found is not None
    assert found.acknowledged_at is None


def test_a_person_of_another_workspace_is_a_stranger(served: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    red_churn(served)
    assert "4.3%" in ask(served, "ana", "churn").plain
    monkeypatch.setattr(served.sandbox.workspace, "team_id", "T0PARTNER")
    assert "No KPI is called “churn”" in ask(served, "ana", "churn").plain


def test_acknowledging_takes_the_alert_and_keeps_what_will_be_done(served: Company) -> None:
    alert = red_churn(served)
    assert "is yours" in ask(served, "ana", "ack churn calling the R&D <lead>").plain
    with served.database.reading() as tx:
        found = alerts.get(tx, alert)
    assert found is not None
    assert (found.acknowledged_by, found.action) == (ANA, "calling the R&D <lead>")
    assert served.nudges == 1


def test_the_second_to_acknowledge_is_told_who_was_first_and_changes_nothing(served: Company) -> None:
    alert = red_churn(served)
    ask(served, "ana", "ack churn")
    with served.database.reading() as tx:
        before = alerts.get(tx, alert)
    assert "@Ana Alba" in ask(served, "bruno", "ack churn").plain
    with served.database.reading() as tx:
        assert alerts.get(tx, alert) == before
    assert served.nudges == 1


def test_an_alert_can_be_named_by_the_beginning_of_its_id(served: Company) -> None:
    alert = red_churn(served)
    assert "closed" in ask(served, "ana", f"resolve {alert[:6]} the price page was broken").plain
    with served.database.reading() as tx:
        found = alerts.get(tx, alert)
    assert found is not None
    assert (found.resolved_by, found.action) == (ANA, "the price page was broken")


def test_acting_on_a_kpi_without_an_alert_says_so(served: Company) -> None:
    served.record("churn_rate", 2.0, "2026-10")
    assert "There is no open alert by that name" in ask(served, "ana", "ack churn").plain
    assert served.nudges == 0


def test_a_mention_in_a_note_is_kept_as_the_name_that_was_typed(served: Company) -> None:
    alert = red_churn(served)
    ask(served, "ana", f"ack churn with <@{BRUNO}|bruno> in <#{EXECUTIVE}|executive> &amp; <https://example.com|wiki>")
    with served.database.reading() as tx:
        found = alerts.get(tx, alert)
    assert found is not None
    assert found.action == "with @bruno in #executive & https://example.com"


def test_a_value_is_recorded_with_who_entered_it(served: Company) -> None:
    reply = ask(served, "bruno", "set churn 3,2 % 2026-10")
    assert "3,2 %" in words(reply)
    with served.database.reading() as tx:
        (record,) = values.records(tx, "churn_rate", "")
    assert (record.value, record.origin, record.author, record.first.isoformat()) == (
        3.2,
        Origin.SLACK,
        BRUNO,
        "2026-10-01",
    )
    assert served.nudges == 1


def test_a_value_that_goes_wrong_opens_an_alert_at_once(served: Company) -> None:
    ask(served, "bruno", "set churn 4,5 2026-10")
    with served.database.reading() as tx:
        assert {one.kpi for one in alerts.open_alerts(tx)} == {"churn_rate"}


def test_without_a_period_it_is_the_newest_that_can_have_a_value_and_the_answer_says_which(served: Company) -> None:
    assert "octubre de 2026" in ask(served, "bruno", "set churn 3,2").plain
    assert "24 Nov 2026" in ask(served, "ana", "set uptime 99.95").plain


def test_a_running_period_with_a_value_is_what_a_number_without_one_is_for(served: Company) -> None:
    ask(served, "bruno", "anotar churn 3,2 2026-11")
    assert "noviembre de 2026" in ask(served, "bruno", "set churn 3,4").plain


def test_a_correction_names_what_was_there_before(served: Company) -> None:
    ask(served, "bruno", "set churn 3,2 2026-10")
    assert "antes 3,2 %" in words(ask(served, "bruno", "set churn 3,4 2026-10"))
    assert "No ha cambiado nada" in ask(served, "bruno", "set churn 3,4 2026-10").plain


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        ("ana", "set churn 3.2", "entered by its owner"),
        ("ana", "set churn", "entered by its owner"),
        ("carla", "set churn 3.2 yesterday", "'yesterday' is no period"),
        ("carla", "set churn about 3", "is no number"),
        ("carla", "set churn 3.2 EUR", "measured in percent, not in EUR"),
        ("carla", "set churn 3.2 2026-W40", "is a weekly period"),
        ("carla", "set churn 3.2 2027-01", "lies in the future"),
        ("carla", "set churn 3.2 size:small", "has no segment"),
        ("carla", "set", "a KPI and a number are needed"),
        ("ana", "ack", "which alert is meant"),
        ("ana", "why", "which KPI is meant"),
        ("ana", "report monthly", "there is no report 'monthly'"),
        ("ana", "ack churn " + "x" * 1001, "more than 1000 characters"),
    ],
)
def test_what_cannot_be_taken_is_answered_with_the_reason_and_stores_nothing(
    served: Company, who: str, typed: str, says: str
) -> None:
    assert says in ask(served, who, typed).plain
    with served.database.reading() as tx:
        assert values.known_series(tx) == set()
        assert audit.verify(tx) is None
    assert served.nudges == 0


def test_words_that_look_like_a_form_are_only_words(served: Company) -> None:
    assert "No KPI is called “payload={}&amp;a=b”" in ask(served, "ana", "payload={}&amp;a=b").plain.replace(
        "&a", "&amp;a"
    )


def test_markup_in_a_question_pings_nobody(served: Company) -> None:
    reply = ask(served, "ana", "&lt;!channel&gt; *bold*")
    assert reply.message is not None
    assert "<!channel>" not in str(reply.message.blocks) + reply.message.text


def test_an_accident_is_answered_with_a_reference_and_logged_without_values(
    served: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    red_churn(served)

    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("churn is 4.3")

    monkeypatch.setattr("bot.flows.ask.summary", broken)
    reply = ask(served, "ana", "churn")
    assert "try again" in reply.plain
    reference = reply.plain.splitlines()[-1].strip("`")
    logged = capsys.readouterr()
    assert reference in logged.out + logged.err
    assert "RuntimeError" in logged.out + logged.err
    assert "4.3" not in logged.out + logged.err


def test_slack_being_away_at_first_means_try_again_and_never_a_stranger(served: Company) -> None:
    red_churn(served)
    served.sandbox.faults.plan("server_error", method="auth.test")
    assert "try again" in ask(served, "ana", "churn").plain


def test_who_we_are_is_asked_once(served: Company) -> None:
    for _ in range(3):
        ask(served, "ana", "help")
    assert len(served.sandbox.calls("auth.test")) == 1


def test_building_the_app_asks_slack_nothing(small: Company) -> None:
    small.app()
    small.app(None)
    assert small.sandbox.calls() == []
