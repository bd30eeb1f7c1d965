"""From a folder to a policy: read every file, check what stands between entries, and refuse with all faults at once."""

from pathlib import Path

from bot.core.errors import Fault, PolicyRefused
from bot.core.kpi import Kpi
from bot.core.organisation import Channel, Company, Department, Level, Person, Priorities, Priority, Role, Sees
from bot.core.plans import Action, Initiative, Mitigation, Plans, Risk
from bot.core.policy import Dimension, Policy, Report
from bot.core.samples import Anchor
from bot.core.source import Connection, RefreshSchedule, Sources
from bot.rulebook.crosschecks import CHECKS
from bot.rulebook.draft import Draft
from bot.rulebook.folder import read_files, version_of
from bot.rulebook.layout import ThresholdPriorities
from bot.rulebook.reading import draft_of

_LONGEST = 600


def read_policy(folder: Path) -> Policy:
    """Read a rules folder into the frozen policy it stands for.

    Raises PolicyRefused with every fault found, by file and line, when anything in the folder cannot be taken.
    """
    return read_draft(folder)[0]


def read_draft(folder: Path) -> tuple[Policy, Draft]:
    """Read a rules folder into its policy and the draft that still knows where each entry stands.

    Raises PolicyRefused as ``read_policy`` does.
    """
    return policy_from(*read_files(folder))


def policy_from(contents: dict[str, bytes], unread: list[Fault]) -> tuple[Policy, Draft]:
    """Read the files of a folder, by name, as ``read_draft`` does; unread: what was wrong with files not among them."""
    draft = draft_of(contents, refused=[fault.file for fault in unread])
    faults = unread + draft.faults
    faults += [draft.fault(trouble) for check in CHECKS for trouble in check(draft)]
    company, thresholds = draft.one(Company), draft.one(ThresholdPriorities)
    if faults or company is None or thresholds is None:
        raise PolicyRefused(in_order(faults))
    return _policy(version_of(contents), draft, company, thresholds), draft


def in_order(faults: list[Fault]) -> list[Fault]:
    """Sort faults as a reader meets them, each once, and short enough to be read: they may quote a whole file."""
    short = dict.fromkeys(_shortened(fault) for fault in faults)
    return sorted(short, key=lambda fault: (fault.file, fault.line, fault.column))


def _shortened(fault: Fault) -> Fault:
    said = " ".join(fault.problem.splitlines())
    if len(said) > _LONGEST:
        said = f"{said[: _LONGEST // 2]} … {said[-_LONGEST // 2 :]}"
    return fault if said == fault.problem else fault.model_copy(update={"problem": said})


def _policy(version: str, draft: Draft, company: Company, thresholds: ThresholdPriorities) -> Policy:
    return Policy(
        version=version,
        company=company,
        people=draft.all(Person),
        roles=draft.all(Role),
        channels=draft.all(Channel),
        departments=draft.all(Department),
        priorities=Priorities(
            warning=thresholds.warning,
            critical=thresholds.critical,
            priorities=tuple(draft.all(Priority).values()),
        ),
        levels={Level(name): sees for name, sees in draft.all(Sees).items()},
        dimensions=draft.all(Dimension),
        reports=draft.all(Report),
        kpis=draft.all(Kpi),
        sources=Sources(
            connections=draft.all(Connection),
            refresh_schedule=draft.one(RefreshSchedule) or RefreshSchedule(),
            queries=draft.queries,
        ),
        plans=Plans(
            initiatives=tuple(draft.all(Initiative).values()),
            risks=tuple(draft.all(Risk).values()),
            mitigations=tuple(draft.all(Mitigation).values()),
            actions=tuple(draft.all(Action).values()),
        ),
        samples=draft.all(Anchor),
    )
