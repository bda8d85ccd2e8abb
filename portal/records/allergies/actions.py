"""Recording allergies, changing them, and stating that there are none."""

from dataclasses import asdict

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.access import Deed
from portal.context import Context
from portal.errors import Refused, Unfit
from portal.models import AllergyIntolerance, NoKnownAllergies, Patient, new_ref
from portal.models.base import table_of
from portal.models.rows import changed
from portal.reach.lookup import Subject
from portal.records import recording
from portal.records.allergies import queries, rules
from portal.records.allergies.rules import AllergyDetails
from portal.records.rules import check_partial
from portal.seen import Seen
from portal.vocabulary import ClinicalStatus

_patient = table_of(Patient)
_allergy = table_of(AllergyIntolerance)
_none = table_of(NoKnownAllergies)
_DEED = Deed.RECORD_ALLERGY

RECORDED_ALREADY = "This allergy is in the record already. Change that entry instead."
HAS_ALLERGIES = (
    "There is an allergy in the record. If it is wrong, mark it as entered in error first."
)


def record(
    context: Context,
    *,
    patient_ref: str,
    substance: str,
    details: AllergyDetails,
    visit: str = "",
) -> str:
    """Adds an allergy and ends a statement that there are none; returns the allergy's reference.

    Raises `Unfit` when the patient has an active allergy to the same substance.
    """
    subject = context.find_patient(_DEED, patient_ref)
    _check(context, subject, details)
    encounter_id = recording.open_visit(context, subject, visit)
    _lock(context, subject)
    ended = update(_none).where(_none.c.patient_id == subject.id, _none.c.ended_at.is_(None))
    changed(context.session, ended.values(ended_at=context.now, ended_by_name=context.by.name))
    values = {
        **asdict(details),
        "substance": substance,
        "substance_key": rules.substance_key(substance),
        "encounter_id": encounter_id,
    }
    try:
        with context.session.begin_nested():
            return recording.add(context, _DEED, subject, AllergyIntolerance, values)
    except IntegrityError:
        raise Unfit("substance", RECORDED_ALREADY) from None


def change(context: Context, *, patient_ref: str, allergy: Seen, details: AllergyDetails) -> None:
    """Changes everything except the substance; raises `ChangedMeanwhile`."""
    subject = context.find_patient(_DEED, patient_ref)
    _check(context, subject, details)
    try:
        with context.session.begin_nested():
            row = AllergyIntolerance, allergy
            recording.change(context, _DEED, subject, row, asdict(details))
    except IntegrityError:
        raise Unfit("clinical_status", RECORDED_ALREADY) from None


def mark_in_error(context: Context, *, patient_ref: str, allergy: Seen, reason: str) -> None:
    """Marks the allergy as entered in error; raises `ChangedMeanwhile`."""
    subject = context.find_patient(_DEED, patient_ref)
    recording.mark_in_error(context, _DEED, subject, (AllergyIntolerance, allergy), reason)


def state_none_known(context: Context, *, patient: Seen) -> None:
    """States that the patient has no allergies. A newer statement replaces an older one.

    The version is that of the patient's `Allergies`. Raises `ChangedMeanwhile` when they changed since they
    were shown, or `Refused` when there is an active allergy.
    """
    subject = context.find_patient(_DEED, patient.ref)
    _lock(context, subject)
    patient.require(queries.allergies_of(context, subject).version)
    active = select(_allergy.c.id).where(
        _allergy.c.patient_id == subject.id,
        _allergy.c.error_at.is_(None),
        _allergy.c.clinical_status == ClinicalStatus.ACTIVE,
    )
    if context.session.execute(active.limit(1)).first() is not None:
        raise Refused(HAS_ALLERGIES)
    earlier = update(_none).where(_none.c.patient_id == subject.id, _none.c.live == 1)
    changed(context.session, earlier.values(ended_at=context.now, ended_by_name=context.by.name))
    ref = new_ref()
    statement = {
        "ref": ref,
        "patient_id": subject.id,
        "stated_at": context.now,
        "stated_by": context.by.ref,
        "stated_by_name": context.by.name,
    }
    context.session.execute(insert(_none), statement)
    context.remember(
        _DEED, of=NoKnownAllergies.reference(ref), patient=subject.ref, none_known=True
    )


def _lock(context: Context, subject: Subject) -> None:
    """Locks the patient, so that an allergy and the statement that there are none can't be written at the
    same time."""
    context.session.execute(
        select(_patient.c.id).where(_patient.c.id == subject.id).with_for_update()
    )


def _check(context: Context, subject: Subject, details: AllergyDetails) -> None:
    try:
        check_partial(details.onset, subject.birth_date, context.today)
    except ValueError as fault:
        raise Unfit("onset", str(fault)) from None
