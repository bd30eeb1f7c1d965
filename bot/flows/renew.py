"""A changed rules folder → read again, taken into force, told; or refused, and what was in force stays."""

import hashlib
import json
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

import structlog

from bot.core.announcing import announce
from bot.core.errors import PolicyRefused
from bot.core.judging import judge
from bot.core.policy import Policy
from bot.core.renewal import Difference, FileChanges, both, calculation_of, difference, file_changes
from bot.core.rule_news import SHOWN, place_of, refused, renewed
from bot.core.words import Frozen
from bot.rulebook.watching import SETTLES, FolderWatch, Reading, read_contents, read_folder
from bot.store import audit, good_rules, notes, outbox, readings, values
from bot.store.cases import cases
from bot.store.database import Database, Transaction
from bot.store.derived import Batch, derive_all
from bot.store.steps import decide, keep
from bot.store.values import Origin

log = structlog.get_logger()

IN_FORCE = "policy_in_force"
"""Note of the policy that took force last, in whichever process: a ``Noted`` as JSON."""
REFUSED = "policy_refused"
"""Note of the sets of faults the operators have been told of since the folder was last sound."""

_TWICE = 2
_MOST_AUDITED = 50


class Noted(Frozen):
    """A policy as the database remembers it: its version, the hash of each file, what its calculated KPIs hang on."""

    version: str
    files: dict[str, str]
    calculation: str


class PolicyInForce:
    """The policy in force in one process: read at the start, and again whenever its folder has changed.

    ``policy`` is one frozen whole at any moment, replaced at once; work under way ends with the one it began with.
    """

    def __init__(
        self, folder: Path, *, process: str, kept: Callable[[], dict[str, bytes]] = dict, settles: float = SETTLES
    ) -> None:
        """process: what the audit calls this one; kept: gives the files that took force last, for a broken folder.

        Raises PolicyRefused when the folder cannot be taken as it stands, and none can that was kept.
        """
        self._watch, self._process = FolderWatch(folder, settles=settles), process
        seen = read_folder(folder)
        reading = seen if seen.policy is not None else read_contents(kept())
        if reading.policy is None:
            raise PolicyRefused(list(seen.faults))
        self.policy, self._taken = reading.policy, reading
        self.policy.prepare()
        self._refused: Reading | None = None if reading is seen else seen
        self._sound = self._refused is None
        if self._refused is not None:
            _log_refused(self.policy, self._refused)
        self._anew = Difference("", frozenset(), calculates=False)
        self._rounds = 1

    def look(self, database: Database, clock: Callable[[], datetime]) -> bool:
        """Follow the folder; say whether something was decided that is to be delivered.

        What could not be kept, because the database was away, is done at the next look.
        """
        seen = self._watch.look()
        if seen is not None:
            self._take(seen)
        told = False
        if self._refused:
            told = tell_refused(database, self._taken, self._refused, process=self._process, now=clock())
            self._refused = None
        if self._rounds:
            told |= renew(
                database, self.policy, self._taken, self._anew, sound=self._sound, process=self._process, now=clock()
            )
            self._rounds -= 1
        return told

    def _take(self, seen: Reading) -> None:
        self._refused, self._sound = (seen, False) if seen.policy is None else (None, True)
        if seen.policy is None:
            _log_refused(self.policy, seen)
        elif seen.policy.version == self.policy.version:
            self._rounds = max(self._rounds, 1)
        else:
            log.info("policy_renewed", version=seen.policy.version, before=self.policy.version)
            step = difference(self.policy, seen.policy)
            self._anew = both(self._anew, step) if self._anew.since and self._rounds else step
            seen.policy.prepare()
            self.policy, self._taken = seen.policy, seen
            # The second time is for what was judged meanwhile, by work that had begun with the policy before.
            self._rounds = _TWICE


def _log_refused(in_force: Policy, seen: Reading) -> None:
    first = [place_of(fault) for fault in seen.faults[:SHOWN]]
    log.warning("policy_refused", in_force=in_force.version, faults=len(seen.faults), first=first)


def renew(
    database: Database,
    policy: Policy,
    read: Reading,
    anew: Difference,
    *,
    sound: bool,
    process: str,
    now: datetime,
) -> bool:
    """Take a policy into force: noted, audited and told by one process, looked at anew by each; all in one commit.

    Open alerts keep the clocks they opened with. read: the files the policy was made of; anew: what changed since the
    one this process had before; where the database remembers another one than that, everything is looked at. sound:
    whether the folder is so by now. Says whether there is something to deliver.
    """

    def work(tx: Transaction) -> bool:
        noted = notes.get(tx, IN_FORCE)
        before = Noted.model_validate_json(noted) if noted else None
        taken = (before is None or before.version != policy.version) and _note(tx, noted, policy, read.files)
        changes = file_changes(before.files if before else {}, read.files) if taken else FileChanges()
        if taken:
            _remember(tx, before, policy, read, changes, process, now)
        if taken or (before is not None and before.version == policy.version):
            good_rules.keep_files(tx, read.contents, taken=taken)
        told = _tell(tx, policy, changes, now, renewed_now=taken and before is not None, sound=sound)
        everything = taken and (before is None or before.version != anew.since)
        if taken:
            waiting = policy.kpis if everything else anew.reached
            readings.reopen(tx, waiting=waiting, afresh=() if everything else anew.asked, now=now)
        other = set(policy.kpis if everything else anew.kpis)
        if anew.calculates or (everything and (before is None or before.calculation != _calculation(policy))):
            other |= _calculate_again(tx, policy, now)
        return _judge_again(tx, policy, other, now) or told

    return decide(database, work)


def tell_refused(database: Database, in_force: Reading, seen: Reading, *, process: str, now: datetime) -> bool:
    """Tell the operators' channel what is wrong with the folder, and audit it, once for each set of faults.

    So it is until the folder is mended. in_force: what was read when the policy in force was.
    """
    policy, faults = in_force.policy, seen.faults
    if policy is None:
        return False
    digest = _digest("\n".join(map(str, faults)))
    with database.transaction() as tx:
        noted = notes.get(tx, REFUSED)
        known = noted.split() if noted else []
        if digest in known or not notes.swap(tx, REFUSED, noted, " ".join([*known, digest])):
            return False
        changes = file_changes(in_force.files, seen.files)
        places = {"faults": [place_of(fault) for fault in faults[:_MOST_AUDITED]], "files": seen.files}
        detail = places | _origins(seen, changes) | changes.model_dump(mode="json")
        audit.record(tx, who=process, what="policy_refused", subject=policy.version, detail=detail, now=now)
        return outbox.queue(tx, refused(policy, faults, digest, now))


def _tell(
    tx: Transaction, policy: Policy, changes: FileChanges, now: datetime, *, renewed_now: bool, sound: bool
) -> bool:
    noted = notes.get(tx, REFUSED)
    mended = sound and bool(noted) and notes.swap(tx, REFUSED, noted, "")
    if not (mended or renewed_now):
        return False
    return outbox.queue(tx, renewed(policy, changes, now, mended=mended))


def _note(tx: Transaction, noted: str | None, policy: Policy, files: dict[str, str]) -> bool:
    """Write down which policy is in force; False when another process has done so since the note was read."""
    now = Noted(version=policy.version, files=files, calculation=_calculation(policy))
    return notes.swap(tx, IN_FORCE, noted, now.model_dump_json())


def _remember(
    tx: Transaction,
    before: Noted | None,
    policy: Policy,
    read: Reading,
    changes: FileChanges,
    process: str,
    now: datetime,
) -> None:
    detail = {"previous": before.version if before else None, "files": read.files}
    detail |= _origins(read, changes) | changes.model_dump(mode="json")
    audit.record(tx, who=process, what="policy", subject=policy.version, detail=detail, now=now)


def _origins(read: Reading, changes: FileChanges) -> dict[str, dict[str, str]]:
    """Give who owns the files that are new or changed, and since when: the process is not who wrote them."""
    return {"origins": {name: read.origins[name] for name in changes.all if name in read.origins}}


def _calculate_again(tx: Transaction, policy: Policy, now: datetime) -> set[str]:
    """Make every calculated value again; gives the KPIs (keys) that came out differently."""
    values.forget_doubts(tx, calculated=[kpi.key for kpi in policy.calculated])
    made = derive_all(tx, policy, Batch(Origin.RULES, policy.version, now))
    return {one.arrival.kpi for one in made}


def _judge_again(tx: Transaction, policy: Policy, kpis: Collection[str], now: datetime) -> bool:
    """Judge the newest value of every series of these KPIs by all their rules, without waiting for the next one."""
    known = values.known_series(tx) if kpis else ()
    series = {(kpi, segment): False for kpi, segment in sorted(known) if kpi in kpis and kpi in policy.kpis}
    taken = [
        step
        for case, rules, alerts in cases(tx, policy, series, policy.rules_of, now)
        for step in judge(case, rules, alerts)
    ]
    for step in taken:
        keep(tx, step, announce(step, policy, now), now)
    return bool(taken)


def _calculation(policy: Policy) -> str:
    return _digest(json.dumps(calculation_of(policy)))


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
