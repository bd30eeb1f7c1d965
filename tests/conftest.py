"""Everything the bot sends in any test is judged once more when the run is over.

Each worker writes down what its sandboxes took (`Journal.close` is the one place all of it passes); the process that
reports judges the distinct payloads together and fails the run, naming the test that sent each refused one first.
"""

import sys
from typing import Any

import pytest

from tests.oracles.node import is_demanded, missing
from tests.oracles.sent import Record

RECORD = pytest.StashKey[Record]()
VERDICT = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RECORD] = Record()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine can miss a wait: such a test is tried once more, and counted as rerun."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["Locator expected", "TimeoutError"]))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Listen at every sandbox's journal, in a run that has a sandbox at all."""
    if "bot.sandbox" not in sys.modules:
        return
    from bot.sandbox.journal import Journal  # a run without a sandbox does without its libraries

    if hasattr(Journal.close, "is_heard"):
        return
    record, close = session.config.stash[RECORD], Journal.close

    def heard(journal: Any, call: Any, *args: Any, **fields: Any) -> None:
        close(journal, call, *args, **fields)
        record.note(call)

    heard.is_heard = True  # type: ignore[attr-defined]
    Journal.close = heard  # type: ignore[method-assign, assignment]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    output = getattr(node, "workeroutput", None) or {}
    node.config.stash[RECORD].take(output.get("sent", "[]"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    record: Record = config.stash[RECORD]
    if hasattr(config, "workeroutput"):
        config.workeroutput["sent"] = record.dumped()
        return
    config.stash[VERDICT] = problems = _judged(record)
    if problems and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _judged(record: Record) -> list[str]:
    everything = record.all()
    if not everything:
        return []
    from tests.oracles import judging  # a run without a sandbox does without the judges' libraries

    if missing() is None:
        return judging.refused(everything)
    lacking = [f"shapes were not judged: {missing()}"] if is_demanded() else []
    return judging.refused_by_limits(everything) + lacking


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    sent, problems = config.stash[RECORD].all(), config.stash.get(VERDICT, [])
    if problems:
        terminalreporter.section("refused by the judges of what the bot sent")
        for problem in problems:
            terminalreporter.write_line(problem, red=True)
    elif sent:
        shapes = "" if missing() is None else f" (shapes not judged: {missing()})"
        terminalreporter.write_line(f"the judges passed all {len(sent)} distinct payloads that were sent{shapes}")
