"""A small hospital without contradictions, for tests that add one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.access import Deed
from tests.drill.checker import Evidence
from tests.drill.ledger import Ledger, Outcome, Refusal, Seen, Shown, SignIn, Write
from tests.drill.mail_sink import Mail
from tests.drill.records import Entry, Kept, KeptDocument, KeptPatient, KeptSlot, Records

ACCOUNT, PATIENT, OTHER = "account", "patient", "other"
MORNING = datetime(2026, 3, 3, 9, tzinfo=UTC)
SLOTS = {
    f"slot-{number}": KeptSlot(
        f"slot-{number}",
        MORNING + timedelta(hours=number),
        MORNING + timedelta(hours=number, minutes=20),
        "free",
    )
    for number in range(4)
}
PATIENTS = {
    PATIENT: KeptPatient(PATIENT, "Ann", "Abel", date(1980, 1, 1), "ann@example.org"),
    OTHER: KeptPatient(OTHER, "Ben", "Bell", date(1981, 1, 1), "ben@example.org"),
}
OLD = Kept("old", "slot-0", PATIENT, "booked", "", None, 0)
"""An appointment from before the drill."""
PAPER = KeptDocument("paper", "A letter", PATIENT, "abc", "file-0")
BOOKED = Kept("new", "slot-1", PATIENT, "booked", "Mark", None, 0)
MOVED = replace(OLD, slot="slot-2", sequence=1)
CANCELLED = replace(OLD, status="cancelled", cancel_reason="Why", sequence=1)


def entry(deed: Deed, entity: str, actor: str = ACCOUNT, patient: str | None = PATIENT) -> Entry:
    return Entry(deed.value, entity, actor, patient)


def records(*appointments: Kept, **facts: Any) -> Records:
    """Includes `OLD` unless another version of it is given. Slots match their appointments."""
    rows = {one.ref: one for one in (OLD, *appointments)}
    had = {one.slot for one in rows.values() if one.has_the_slot}
    slots = {
        ref: replace(slot, status="busy") if ref in had else slot for ref, slot in SLOTS.items()
    }
    documents = {PAPER.ref: PAPER}
    return Records(**{
        "appointments": rows, "slots": slots, "patients": PATIENTS, "documents": documents, **facts
    })  # fmt: skip


def write(deed: Deed, mark: str, outcome: Outcome = Outcome.ACKNOWLEDGED, **facts: Any) -> Write:
    who = {"actor": ACCOUNT, "patient": PATIENT, "began": 1.0, "ended": 2.0, "status": 303}
    return Write(deed, mark, **{**who, "outcome": outcome, **facts})


def booking(outcome: Outcome = Outcome.ACKNOWLEDGED, mark: str = "Mark", **facts: Any) -> Write:
    about = {"slot": "slot-1", "appointment": "new"}
    return write(Deed.BOOK_APPOINTMENT, mark, outcome, **{**about, **facts})


def refused(status: int, refusal: Refusal = Refusal.OTHER, **facts: Any) -> Write:
    return booking(
        Outcome.REFUSED, **{"status": status, "refusal": refusal, "appointment": None, **facts}
    )


def moving(outcome: Outcome = Outcome.ACKNOWLEDGED, **facts: Any) -> Write:
    about = {"slot": "slot-2", "left": "slot-0", "appointment": "old"}
    return write(Deed.MOVE_APPOINTMENT, "old", outcome, **{**about, **facts})


def cancelling(outcome: Outcome = Outcome.ACKNOWLEDGED, **facts: Any) -> Write:
    return write(
        Deed.CANCEL_APPOINTMENT, "Why", outcome, **{"left": "slot-0", "appointment": "old", **facts}
    )


def holding(**facts: Any) -> Write:
    return write(Deed.HOLD_SLOT, "slot-1", **{"slot": "slot-1", "patient": "", **facts})


BOOK_ENTRY = entry(Deed.BOOK_APPOINTMENT, "Appointment/new")
MOVE_ENTRY = entry(Deed.MOVE_APPOINTMENT, "Appointment/old")
CANCEL_ENTRY = entry(Deed.CANCEL_APPOINTMENT, "Appointment/old")
HOLD_ENTRY = entry(Deed.HOLD_SLOT, "Slot/slot-1")
BOOKED_MAIL = Mail("<1@hospital>", "ann@example.org", "booked")
MOVED_MAIL = Mail("<2@hospital>", "ann@example.org", "moved")
CANCELLED_MAIL = Mail("<3@hospital>", "ann@example.org", "cancelled")
FILES = {PAPER.file_name: PAPER.sha256}


def evidence(ledger: Ledger, after: Records, *mails: Mail, **facts: Any) -> Evidence:
    return Evidence(ledger, **{
        "before": records(), "after": after, "mails": mails, "files": FILES, **facts
    })  # fmt: skip


def a_booking(**changed: Any) -> Evidence:
    """One booking, acknowledged and stored; `changed` replaces parts of the ledger."""
    ledger = Ledger(**{"writes": [booking()], **changed})
    return evidence(ledger, records(BOOKED, entries=[BOOK_ENTRY]), BOOKED_MAIL)


def a_move(**changed: Any) -> Evidence:
    ledger = Ledger(**{"writes": [moving()], **changed})
    return evidence(ledger, records(MOVED, entries=[MOVE_ENTRY]), MOVED_MAIL)


def a_cancellation() -> Evidence:
    after = records(CANCELLED, entries=[CANCEL_ENTRY])
    return evidence(Ledger([cancelling()]), after, CANCELLED_MAIL)


def an_ordinary_day() -> Evidence:
    """A hold, a booking that was viewed, a refusal with its reason, a sign-in, a good page."""
    beaten = refused(409, Refusal.SOMEBODY_WAS_FIRST, mark="Other", began=3.0, ended=4.0)
    ledger = Ledger(
        [holding(began=0.2, ended=0.3), booking(), beaten],
        seen=[Seen("slot-1", "new", 2.1, 2.2)],
        shown=[Shown("the appointment", {"patient": PATIENT}, {"patient": PATIENT})],
        times=[("slot-1", "Tuesday at 10"), ("slot-1", "Tuesday at 10")],
        sign_ins=[SignIn(1, succeeded=True, status=200)],
    )
    return evidence(ledger, records(BOOKED, entries=[HOLD_ENTRY, BOOK_ENTRY]), BOOKED_MAIL)
