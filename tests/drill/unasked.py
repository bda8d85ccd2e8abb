"""Somebody asked for each change in the database, for the record in which it is."""

from collections.abc import Iterator

from portal.access import Deed
from tests.drill.findings import Finding, Law
from tests.drill.ledger import Ledger, Write
from tests.drill.records import Kept, KeptPatient, Records


def findings(ledger: Ledger, before: Records, after: Records) -> Iterator[Finding]:
    asked = {(one.deed, one.mark): one for one in ledger.writes}
    for row in after.appointments.values():
        yield from _of_an_appointment(row, before, asked, ledger)
    for patient in after.patients.values():
        if patient.ref not in before.patients:
            yield from _as_typed(patient, asked.get((Deed.REGISTER_PATIENT, patient.family)))
        elif patient != before.patients[patient.ref]:
            yield Finding(Law.UNASKED, f"change of Patient/{patient.ref}")
    for document in after.documents.values():
        if document.ref not in before.documents:
            wanted = asked.get((Deed.ADD_DOCUMENT, document.title))
            yield from _in_the_right_record(
                f"DocumentReference/{document.ref}", wanted, document.patient
            )
    gone = [
        *_gone(before.appointments, after.appointments),
        *_gone(before.documents, after.documents),
    ]
    yield from (Finding(Law.LOST, f"{ref}, which was there before") for ref in gone)


def _gone(before: object, after: object) -> set[str]:
    return set(before) - set(after)  # type: ignore[call-overload]


def _as_typed(patient: KeptPatient, wanted: Write | None) -> Iterator[Finding]:
    if wanted is None:
        yield Finding(Law.UNASKED, f"Patient/{patient.ref}")
    elif any(str(getattr(patient, name)) != value for name, value in wanted.typed.items()):
        yield Finding(Law.ALTERED, f"Patient/{patient.ref} is not what was typed")


def _in_the_right_record(what: str, wanted: Write | None, patient: str) -> Iterator[Finding]:
    if wanted is None:
        yield Finding(Law.UNASKED, what)
    elif wanted.patient != patient:
        yield Finding(Law.WRONG_PATIENT, what)


def _of_an_appointment(
    row: Kept, before: Records, asked: dict[tuple[Deed, str], Write], ledger: Ledger
) -> Iterator[Finding]:
    first, what = before.appointments.get(row.ref), f"Appointment/{row.ref}"
    if first is None:
        wanted = asked.get((Deed.BOOK_APPOINTMENT, row.reason))
        yield from _in_the_right_record(what, wanted, row.patient)
    elif (row.patient, row.reason) != (first.patient, first.reason):
        yield Finding(Law.WRONG_PATIENT, f"{what} was changed")
    may_be_done = [one for one in ledger.may_be_done if row.ref in (one.appointment, one.mark)]
    done = {one.deed for one in may_be_done}
    if row.status == "cancelled" and not any(
        one.deed is Deed.CANCEL_APPOINTMENT and one.mark == row.cancel_reason for one in may_be_done
    ):
        yield Finding(Law.UNASKED, f"{what} is cancelled")
    if row.status == "arrived" and Deed.CHECK_IN not in done:
        yield Finding(Law.UNASKED, f"{what} is checked in")
    if row.status not in ("booked", "cancelled", "arrived"):
        yield Finding(Law.UNASKED, f"{what} is {row.status}")
    if row.moves and Deed.MOVE_APPOINTMENT not in done:
        yield Finding(Law.UNASKED, f"{what} is moved")
    if first and not row.moves and row.slot != first.slot:
        yield Finding(Law.UNASKED, f"{what} is in another slot")
