"""What the checker can find: the laws that hold after every drill, and what broke one."""

from dataclasses import dataclass
from enum import Enum


class Law(Enum):
    """What must hold after every drill; the value says what it is called when it is broken."""

    LOST = "acknowledged and lost"
    DOUBLED = "done twice"
    REFUSED_BUT_DONE = "refused and yet done"
    UNASKED = "done though nobody asked for it"
    WRONG_PATIENT = "written into another patient's record"
    TWO_PATIENTS = "two patients in one slot"
    IMPOSSIBLE = "a slot's history that can't have happened"
    WRONGLY_REFUSED = "refused without a reason"
    SHUT_OUT = "somebody was not shown their own page"
    WRONG_PAGE = "a page that showed something else"
    TYPED_AND_LOST = "a waiting page that lost what was typed"
    BROKEN_TRAIL = "the audit trail does not verify"
    UNAUDITED = "a change and its audit entries disagree"
    NEVER_TOLD = "an email that never came"
    TOLD_TWICE = "an email that went twice"
    UNRESOLVED = "nobody knows what became of it"
    ALTERED = "a file that is not what was handed in"
    MISSING = "a file and its row do not belong together"
    VANISHED = "not there right after it was acknowledged"
    LATE = "not back in time"
    TAKEN_OUT = "a sound instance was taken out of service"
    STUCK = "somebody could not go on"
    NOTICED = "somebody saw an error where nobody should"
    UNREPLICATED = "acknowledged by one database server alone"
    NOBODY_CAME = "nobody was free to come"


@dataclass(frozen=True)
class Finding:
    law: Law
    what: str
