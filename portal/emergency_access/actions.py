"""Opening a record in an emergency, and reviewing it."""

from datetime import date, timedelta

from sqlalchemy import bindparam, update

from portal.access import Deed
from portal.context import Context
from portal.emergency_access.queries import patient_with
from portal.errors import ChangedMeanwhile, NotFound, Unfit
from portal.models import EmergencyAccess
from portal.models.base import table_of
from portal.models.rows import changed
from portal.seen import Seen
from portal.vocabulary import ReviewOutcome

NOBODY = "No patient has this hospital number and date of birth. Check both"

_access = table_of(EmergencyAccess)
_REVIEW = (
    update(_access)
    .where(
        _access.c.ref == bindparam("of"),
        _access.c.version == bindparam("seen"),
    )
    .values(
        outcome=bindparam("found", type_=_access.c.outcome.type),
        review_note=bindparam("note"),
        reviewed_by_name=bindparam("by"),
        reviewed_at=bindparam("at", type_=_access.c.reviewed_at.type),
        version=_access.c.version + 1,
    )
)


def open_record(context: Context, *, hospital_number: str, born: date, reason: str) -> str:
    """Opens the record for some hours, only for the actor. Returns the patient's reference.

    Raises `Unfit` when no patient has this number and birth date.
    """
    context.require(Deed.BREAK_GLASS)
    try:
        patient = patient_with(context, hospital_number=hospital_number, born=born)
    except NotFound:
        raise Unfit("hospital_number", NOBODY) from None
    row = EmergencyAccess(
        patient_id=patient.id,
        account_id=context.by.account_id,
        reason=reason,
        begun_at=context.now,
        ends_at=context.now + timedelta(hours=context.hospital.emergency_access_hours),
    )
    context.session.add(row)
    context.session.flush()
    of = EmergencyAccess.reference(row.ref)
    context.remember(Deed.BREAK_GLASS, of=of, patient=patient.ref)
    return patient.ref


def review(context: Context, *, access: Seen, found: ReviewOutcome, note: str) -> None:
    """Stores the outcome of the review. Raises `ChangedMeanwhile`, also when there is no such access."""
    context.require(Deed.REVIEW_EMERGENCY_ACCESS)
    values = {
        "of": access.ref,
        "seen": access.version,
        "found": found,
        "note": note,
        "by": context.by.name,
        "at": context.now,
    }
    if changed(context.session, _REVIEW, values) == 0:
        raise ChangedMeanwhile
    of = EmergencyAccess.reference(access.ref)
    context.remember(Deed.REVIEW_EMERGENCY_ACCESS, of=of, outcome=found.value)
