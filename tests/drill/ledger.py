"""What people know of their actions: acknowledged, refused, or unknown. All times are monotonic seconds."""

from collections import Counter
from collections.abc import Iterator, Mapping
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


class Refusal(Enum):
    """Why a form was refused; the value is what the portal's page says."""

    SOMEBODY_WAS_FIRST = "Somebody else has just taken this time"
    OVERLAPS = "There is another appointment at that time already"
    TOO_MANY = "No more appointments can be booked online for now"
    SIGNED_OUT = "You have been signed out"
    OTHER = "something else"
    """No history of the drill gives a reason for it."""


class Fate(Enum):
    """The result of one request."""

    GOOD = "good"
    WAITS = "the portal's waiting page"
    ERROR = "another error page"
    """The portal's, or the load balancer's."""
    SILENCE = "no answer"
    """None in time, or a broken connection."""


@dataclass
class Write:
    """One form of one person, from the first time that it was sent until its answer."""

    deed: Deed
    mark: str
    """What distinguishes it from every other write: words that it saves, or what it is about."""
    began: float
    actor: str = ""
    """The account of the sender."""
    patient: str = ""
    slot: str | None = None
    """The slot that it takes; that it has kept, for a hold."""
    left: str | None = None
    """The slot that it gives back."""
    appointment: str | None = None
    outcome: Outcome = Outcome.UNKNOWN
    ended: float = inf
    status: int | None = None
    refusal: Refusal | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    """What it says of a patient, by the names of the columns."""
    sent: int = 0
    last_sent: float = 0.0
    sent_again_after: Counter[Fate] = field(default_factory=Counter)

    def is_settled(
        self, outcome: Outcome, at: float, status: int = 303, refusal: Refusal | None = None
    ) -> None:
        self.outcome, self.ended = outcome, at
        self.status, self.refusal = status, refusal


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of one person."""

    person: int
    began: float
    ended: float
    writes: bool
    fate: Fate
    status: int | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """That somebody who asked between two moments was shown an appointment in this slot."""

    slot: str
    appointment: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page showed, and what the person who looked at it knows to be true."""

    page: str
    known: Mapping[str, str]
    shown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SignIn:
    """One way through the identity provider and back."""

    person: int
    succeeded: bool
    status: int
    tried_again: bool = False
    """Whether the provider's answer was handed in more than once, which it allows only once."""


@dataclass
class Ledger:
    """Everything that everybody did and saw during one drill."""

    writes: list[Write] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    times: list[tuple[str, str]] = field(default_factory=list)
    """Slots, each with the words in which a page gave its time."""
    waiting: list[Shown] = field(default_factory=list)
    """Waiting pages: the fields that were sent, and those that the page kept."""
    sign_ins: list[SignIn] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    """Appointments that were acknowledged and, when looked at right after it, were not there."""
    surprises: list[str] = field(default_factory=list)
    """Pages from which somebody could not go on."""
    with_papers: set[int] = field(default_factory=set)
    """People who needed the shared file system."""
    altered: list[str] = field(default_factory=list)
    """Documents that were not, when fetched, what had been handed in."""
    uploads: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each file that was sent, acknowledged or not, by its mark."""
    newcomers: set[int] = field(default_factory=set)
    """People who were not signed in when they came."""
    turned_away: Counter[str] = field(default_factory=Counter)
    """Visits for which nobody was free, by kind: the load was not open then."""

    def of(self, *outcomes: Outcome) -> Iterator[Write]:
        return (one for one in self.writes if one.outcome in outcomes)

    @property
    def may_be_done(self) -> list[Write]:
        """What was acknowledged, or may have been done without anybody knowing."""
        return list(self.of(Outcome.ACKNOWLEDGED, Outcome.UNKNOWN))

    @property
    def who_saw_an_error(self) -> set[int]:
        return {one.person for one in self.asked if one.fate is not Fate.GOOD}

    def who_had(self, fate: Fate) -> set[int]:
        return {one.person for one in self.asked if one.fate is fate}

    @property
    def unresolved(self) -> int:
        return sum(1 for _ in self.of(Outcome.UNKNOWN))

    @property
    def sent_again(self) -> Counter[Fate]:
        """How often a form went again, by what it had met before."""
        return sum((one.sent_again_after for one in self.writes), Counter())
