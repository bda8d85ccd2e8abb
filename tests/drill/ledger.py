"""What people know of what they did: acknowledged, refused, or unknown. All times are monotonic seconds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from math import inf

from portal.access import Deed


class Outcome(Enum):
    """What somebody was told about a form that they sent."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """No answer that says either, however often the form was sent."""


@dataclass
class Write:
    """One form of one person, from the first time that it was sent until its answer."""

    deed: Deed
    mark: str
    """What tells it from every other write: words that it leaves behind, or an appointment's reference."""
    began: float
    patient: str = ""
    slot: str | None = None
    """The slot that it takes."""
    left: str | None = None
    """The slot that it gives back."""
    appointment: str | None = None
    outcome: Outcome = Outcome.UNKNOWN
    ended: float = inf
    somebody_was_first: bool = False
    """Refused because the slot was taken."""
    sent: int = 0
    last_sent: float = 0.0

    def is_settled(self, outcome: Outcome, at: float) -> None:
        self.outcome, self.ended = outcome, at


class Fate(Enum):
    """What became of one request."""

    GOOD = "good"
    ERROR = "error"
    """An error page, the portal's or the load balancer's."""
    SILENCE = "silence"
    """No answer in time, or a broken connection."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of one person."""

    person: int
    began: float
    ended: float
    writes: bool
    fate: Fate


@dataclass(frozen=True, slots=True)
class Seen:
    """That somebody who asked between two moments was shown an appointment in this slot."""

    slot: str
    appointment: str
    began: float
    ended: float


@dataclass
class Ledger:
    """Everything that everybody did and saw during one drill."""

    writes: list[Write] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    """Appointments that were acknowledged and, when looked at right after it, were not there."""
    surprises: list[str] = field(default_factory=list)
    """Pages from which somebody could not go on."""
    with_papers: set[int] = field(default_factory=set)
    """People who needed the shared file system."""
    altered: list[str] = field(default_factory=list)
    """Documents that were not, when fetched, what had been handed in."""
    uploads: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each file that was acknowledged, by its mark."""

    def of(self, *outcomes: Outcome) -> Iterator[Write]:
        return (one for one in self.writes if one.outcome in outcomes)

    newcomers: set[int] = field(default_factory=set)
    """People who were not signed in when they came."""

    @property
    def who_saw_an_error(self) -> set[int]:
        return {one.person for one in self.asked if one.fate is not Fate.GOOD}

    @property
    def unresolved(self) -> int:
        return sum(1 for _ in self.of(Outcome.UNKNOWN))

    @property
    def sent_again(self) -> int:
        return sum(one.sent - 1 for one in self.writes)
