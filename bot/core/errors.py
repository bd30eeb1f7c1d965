"""Every error kpi-bot raises on purpose.

KpiBotError
├── BadInput          something a person or program gave us cannot be taken; names the place and the remedy
├── PolicyRefused     the rules folder cannot be taken as it stands; holds every fault found
└── DeliveryError     Slack did not take a message; its class says what may be done next
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class KpiBotError(Exception):
    """The root: whatever is raised on purpose is one of these."""


class BadInput(KpiBotError):
    """Input that cannot be taken.

    place: where it stands, e.g. ``values[3].at`` or ``line 7``; problem: what is wrong; remedy: what to do.
    """

    def __init__(self, place: str, problem: str, remedy: str = "") -> None:
        self.place, self.problem, self.remedy = place, problem, remedy
        super().__init__(f"{place}: {problem}" + (f". {remedy}" if remedy else ""))


class Fault(BaseModel):
    """One mistake in the rules folder: 1-based line and column."""

    model_config = ConfigDict(frozen=True)
    file: str
    line: int
    column: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.problem}"


class PolicyRefused(KpiBotError):
    """The rules folder was refused; ``faults`` names each mistake by file, line and column."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class DeliveryClass(StrEnum):
    """What a failed call to Slack means for the message it carried."""

    WAIT = "wait"
    AMBIGUOUS = "ambiguous"
    NOT_SENT = "not_sent"
    DESTINATION = "destination"
    CREDENTIALS = "credentials"
    OUR_FAULT = "our_fault"
    GONE = "gone"
    UNKNOWN = "unknown"


class DeliveryError(KpiBotError):
    """Slack did not (or may not) have taken a message.

    kind: what may be done next; code: Slack's word for it; retry_after: seconds to wait, when Slack named them.
    """

    def __init__(self, kind: DeliveryClass, code: str, retry_after: float | None = None) -> None:
        self.kind, self.code, self.retry_after = kind, code, retry_after
        super().__init__(f"{kind}: {code}")
