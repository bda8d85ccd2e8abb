"""Checks the audit trail in both directions: each change has its entry, and each entry its change."""

from collections import Counter
from collections.abc import Iterator, Sequence

from portal.access import Deed
from tests.drill.findings import Finding, Law
from tests.drill.ledger import Ledger, Outcome, Write
from tests.drill.records import Entry, Records

APPOINTMENT = "Appointment"
TOLD = {
    Deed.BOOK_APPOINTMENT: APPOINTMENT,
    Deed.MOVE_APPOINTMENT: APPOINTMENT,
    Deed.CANCEL_APPOINTMENT: APPOINTMENT,
    Deed.CHECK_IN: APPOINTMENT,
    Deed.REGISTER_PATIENT: "Patient",
    Deed.ADD_DOCUMENT: "DocumentReference",
    Deed.HOLD_SLOT: "Slot",
}
"""What an entry about a change names. An entry of the same deed about anything else is about a page."""


def findings(ledger: Ledger, before: Records, after: Records) -> Iterator[Finding]:
    entries = after.entries[len(before.entries) :]
    least, most = _changes(before, after), _changes(before, after)
    for one in ledger.writes:
        if one.deed is Deed.HOLD_SLOT and one.outcome is not Outcome.REFUSED:
            key = one.deed.value, f"Slot/{one.slot}"
            least[key] += one.outcome is Outcome.ACKNOWLEDGED
            most[key] += 1
    found = Counter((one.deed, one.entity or "") for one in entries)
    kinds = {deed.value: kind for deed, kind in TOLD.items()}
    for key in {*least, *found}:
        if kinds.get(key[0]) != key[1].partition("/")[0]:
            continue
        if not least[key] <= found[key] <= most[key]:
            yield Finding(Law.UNAUDITED, f"{' of '.join(key)}: {found[key]} entries")
    yield from _of_who_did_it(ledger, after, entries)
    if list(after.entries[: len(before.entries)]) != list(before.entries):
        yield Finding(Law.BROKEN_TRAIL, "entries from before are not what they were")


def _changes(before: Records, after: Records) -> Counter[tuple[str, str]]:
    """The number of entries that each change must have."""
    wanted: Counter[tuple[str, str]] = Counter()
    for one in after.appointments.values():
        first, entity = before.appointments.get(one.ref), f"{APPOINTMENT}/{one.ref}"
        was = first.status if first else ""
        wanted[Deed.BOOK_APPOINTMENT.value, entity] += first is None
        wanted[Deed.MOVE_APPOINTMENT.value, entity] += one.moves - (first.moves if first else 0)
        for deed, status in ((Deed.CANCEL_APPOINTMENT, "cancelled"), (Deed.CHECK_IN, "arrived")):
            wanted[deed.value, entity] += one.status == status != was
    for ref in set(after.patients) - set(before.patients):
        wanted[Deed.REGISTER_PATIENT.value, f"Patient/{ref}"] += 1
    for ref in set(after.documents) - set(before.documents):
        wanted[Deed.ADD_DOCUMENT.value, f"DocumentReference/{ref}"] += 1
    return wanted


def _of_who_did_it(ledger: Ledger, after: Records, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Each entry names the actor and the patient."""
    writers = {(one.deed.value, _entity(one, after)): one for one in ledger.writes}
    for entry in entries:
        write = writers.get((entry.deed, entry.entity))
        if write is None or write.deed is Deed.HOLD_SLOT:
            continue
        if entry.actor != write.actor or (write.patient and entry.patient != write.patient):
            yield Finding(Law.UNAUDITED, f"{entry.deed} of {entry.entity}: names somebody else")


def _entity(write: Write, after: Records) -> str | None:
    if write.deed is Deed.REGISTER_PATIENT:
        return next((f"Patient/{one}" for one in after.registered_as(write.mark)), None)
    if write.deed is Deed.ADD_DOCUMENT:
        return next((f"DocumentReference/{one}" for one in after.handed_in_as(write.mark)), None)
    if write.deed is Deed.BOOK_APPOINTMENT:
        return next((f"{APPOINTMENT}/{one}" for one in after.booked_as(write.mark)), None)
    return f"{APPOINTMENT}/{write.appointment}"
