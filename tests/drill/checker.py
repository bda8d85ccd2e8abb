"""Does what stands in the database agree with what people were told? Each disagreement is a finding."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import Enum
from math import inf

from portal.access import Deed
from tests.drill.ledger import Ledger, Outcome, Write
from tests.drill.linearizability import (
    ANYBODY,
    Operation,
    gave_back,
    is_linearizable,
    saw,
    took,
)
from tests.drill.mail_sink import MailSink
from tests.drill.population import Population
from tests.drill.records import APPOINTMENT, Records


class Law(Enum):
    """What must hold after every drill."""

    LOST = "acknowledged and lost"
    DOUBLED = "done twice"
    REFUSED_BUT_DONE = "refused and yet done"
    TWO_PATIENTS = "two patients in one slot"
    IMPOSSIBLE = "a slot's history that can't have happened"
    BROKEN_TRAIL = "the audit trail does not verify"
    UNAUDITED = "a change and its audit entries disagree"
    TOLD_TWICE = "an e-mail that went twice"
    UNRESOLVED = "nobody knows what became of it"
    ALTERED = "a file that is not what was handed in"
    VANISHED = "not there right after it was acknowledged"
    LATE = "not back in time"
    TAKEN_OUT = "a sound instance was taken out of service"
    STUCK = "somebody could not go on"
    NOTICED = "somebody saw an error where nobody should"


@dataclass(frozen=True)
class Finding:
    law: Law
    what: str


def check(
    ledger: Ledger,
    records: Records,
    population: Population,
    mail: MailSink,
    files: Set[str] = frozenset(),
) -> list[Finding]:
    """Everything that breaks a law. `files` are the SHA-256 of what lies on the shared file system."""
    return [
        *_of_writes(ledger, records),
        *_of_moves(ledger, records),
        *_of_slots(ledger, records, population),
        *(Finding(Law.TOLD_TWICE, one) for one, copies in mail.copies.items() if copies > 1),
        *(Finding(Law.UNRESOLVED, one.mark) for one in ledger.of(Outcome.UNKNOWN)),
        *(Finding(Law.VANISHED, one) for one in ledger.vanished),
        *(Finding(Law.STUCK, one) for one in ledger.surprises),
        *(Finding(Law.ALTERED, one) for one in ledger.altered),
        *_of_files(ledger, records, files),
    ]


def _of_writes(ledger: Ledger, records: Records) -> Iterator[Finding]:
    for write in ledger.writes:
        if write.deed in _TRACES:
            done, kind = _TRACES[write.deed](records, write)
            yield from _counted(write, len(done))
            for ref in done:
                if records.entries(write.deed, kind, ref) != 1:
                    yield Finding(Law.UNAUDITED, f"{write.deed.value} of {kind}/{ref}")


def _booked(records: Records, write: Write) -> tuple[Sequence[str], str]:
    return records.booked_as(write.mark), APPOINTMENT


def _cancelled(records: Records, write: Write) -> tuple[Sequence[str], str]:
    return records.cancelled_as(write.mark), APPOINTMENT


def _registered(records: Records, write: Write) -> tuple[Sequence[str], str]:
    return records.patients.get(write.mark, ()), "Patient"


def _checked_in(records: Records, write: Write) -> tuple[Sequence[str], str]:
    arrived = records.appointments[write.mark].status == "arrived"
    return [write.mark] if arrived else [], APPOINTMENT


def _handed_in(records: Records, write: Write) -> tuple[Sequence[str], str]:
    return [ref for ref, _ in records.documents.get(write.mark, ())], "DocumentReference"


_TRACES = {
    Deed.BOOK_APPOINTMENT: _booked,
    Deed.CANCEL_APPOINTMENT: _cancelled,
    Deed.REGISTER_PATIENT: _registered,
    Deed.CHECK_IN: _checked_in,
    Deed.ADD_DOCUMENT: _handed_in,
}
"""What each deed leaves behind: the references of the rows, and their kind."""


def _counted(write: Write, times: int) -> Iterator[Finding]:
    what = f"{write.deed.value}: {write.mark}"
    if times > 1:
        yield Finding(Law.DOUBLED, what)
    if times == 0 and write.outcome is Outcome.ACKNOWLEDGED:
        yield Finding(Law.LOST, what)
    if times > 0 and write.outcome is Outcome.REFUSED:
        yield Finding(Law.REFUSED_BUT_DONE, what)


def _of_moves(ledger: Ledger, records: Records) -> Iterator[Finding]:
    """Moves leave a count behind, not words, so all of one appointment are looked at together."""
    moves: dict[str, Counter[Outcome]] = defaultdict(Counter)
    for write in ledger.writes:
        if write.deed is Deed.MOVE_APPOINTMENT:
            moves[write.mark][write.outcome] += 1
    for appointment, told in moves.items():
        done, what = records.appointments[appointment].moves, f"move of {appointment}"
        if done < told[Outcome.ACKNOWLEDGED]:
            yield Finding(Law.LOST, what)
        if done > told[Outcome.ACKNOWLEDGED] + told[Outcome.UNKNOWN]:
            yield Finding(Law.DOUBLED if not told[Outcome.REFUSED] else Law.REFUSED_BUT_DONE, what)
        if records.entries(Deed.MOVE_APPOINTMENT, APPOINTMENT, appointment) != done:
            yield Finding(Law.UNAUDITED, what)


def _of_files(ledger: Ledger, records: Records, files: Set[str]) -> Iterator[Finding]:
    """Every file that was acknowledged lies there, with the hash that it had when it was sent."""
    for mark, sha256 in ledger.uploads.items():
        for ref, kept in records.documents.get(mark, ()):
            if kept != sha256 or sha256 not in files:
                yield Finding(Law.ALTERED, f"DocumentReference/{ref}")


def _of_slots(ledger: Ledger, records: Records, population: Population) -> Iterator[Finding]:
    first = {slot: appointment for _, appointment, slot in population.booked}
    holders, histories = records.holders(), _histories(ledger, records)
    for slot, appointments in holders.items():
        if len(appointments) > 1:
            yield Finding(Law.TWO_PATIENTS, slot)
    for slot, history in histories.items():
        last = next(iter(holders.get(slot, ())), None)
        if not is_linearizable(history, first=first.get(slot), last=last):
            told = sorted(history, key=lambda one: one.began)
            yield Finding(Law.IMPOSSIBLE, f"{slot}, at the end {last}'s: {told}")
        if (last is not None) != (slot in records.busy_slots):
            yield Finding(Law.IMPOSSIBLE, f"{slot}: free and had, or busy and nobody's")


def _held_since(ledger: Ledger) -> dict[str, float]:
    """When each slot may have been held for the first time."""
    since: dict[str, float] = {}
    for write in ledger.of(Outcome.ACKNOWLEDGED, Outcome.UNKNOWN):
        if write.deed is Deed.HOLD_SLOT:
            since[write.mark] = min(write.began, since.get(write.mark, inf))
    return since


def _histories(ledger: Ledger, records: Records) -> dict[str, list[Operation]]:
    """What happened to each slot that anybody wanted."""
    histories: dict[str, list[Operation]] = defaultdict(list)
    for write in ledger.of(Outcome.ACKNOWLEDGED, Outcome.UNKNOWN):
        certain = write.outcome is Outcome.ACKNOWLEDGED
        ended = write.ended if certain else inf
        who = write.appointment or next(iter(records.booked_as(write.mark)), write.mark)
        if write.slot:
            histories[write.slot].append(took(who, write.began, ended, certain=certain))
        if write.left:
            histories[write.left].append(gave_back(who, write.began, ended, certain=certain))
    held = _held_since(ledger)
    for write in ledger.of(Outcome.REFUSED):
        if not (write.somebody_was_first and write.slot):
            continue
        # Who is refused while somebody may hold the slot was told nothing of an appointment.
        if write.deed is Deed.BOOK_APPOINTMENT and write.ended < held.get(write.slot, inf):
            histories[write.slot].append(saw(ANYBODY, write.began, write.ended))
    for one in ledger.seen:
        histories[one.slot].append(saw(one.appointment, one.began, one.ended))
    return histories
