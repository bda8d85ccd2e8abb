"""The records of the named patients: allergies, problems, medicines, vital signs, signed notes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.context import Context
from portal.development.demonstration.actors import actors
from portal.development.demonstration.laboratory import add_reports
from portal.models import Account, Encounter, Patient, Practitioner
from portal.records.allergies import actions as allergies
from portal.records.allergies.rules import AllergyDetails
from portal.records.conditions import actions as conditions
from portal.records.conditions.rules import Problem, ProblemDetails
from portal.records.drafts import actions as drafts
from portal.records.drafts.actions import Written
from portal.records.medications import actions as medications
from portal.records.medications.actions import Confirmation
from portal.records.medications.rules import Prescription
from portal.records.observations import actions as observations
from portal.records.observations.actions import VitalSigns
from portal.seen import Seen
from portal.settings.hospital import Hospital
from portal.vocabulary import (
    AdministrationRoute,
    AllergyCategory,
    ClinicalStatus,
    Severity,
    VerificationStatus,
)


class Allergy(NamedTuple):
    substance: str
    category: AllergyCategory
    reaction: str
    severity: Severity


class Medicine(NamedTuple):
    name: str
    dose: str
    frequency: str
    days_ago: int
    for_days: int | None = None


class Story(NamedTuple):
    """One patient's record. `vitals` are by days ago, `notes` belong to the latest visits."""

    patient: tuple[str, str]
    by: str
    allergies: tuple[Allergy, ...] = ()
    problems: tuple[tuple[str, str | None, str], ...] = ()
    medicines: tuple[Medicine, ...] = ()
    vitals: tuple[tuple[int, dict[str, str]], ...] = ()
    notes: tuple[str, ...] = ()


def _pressure(upper: str, lower: str, pulse: str, weight: str) -> dict[str, str]:
    return {"systolic": upper, "diastolic": lower, "pulse": pulse, "weight": weight}


STORIES = (
    Story(
        ("Amina", "Okafor"),
        "Raman",
        allergies=(
            Allergy(
                "Penicillin", AllergyCategory.MEDICATION, "Swelling of the face", Severity.SEVERE
            ),
            Allergy("Latex", AllergyCategory.ENVIRONMENT, "Itchy rash", Severity.MILD),
        ),
        problems=(
            ("Essential (primary) hypertension", "I10", "2021-04"),
            ("Palpitations", "R00.2", "2025"),
        ),
        medicines=(
            Medicine("Amlodipine 5 mg tablets", "1 tablet", "once a day", 400),
            Medicine("Bisoprolol 2.5 mg tablets", "1 tablet", "in the morning", 19),
            Medicine("Doxycycline 100 mg capsules", "1 capsule", "once a day", 120, 7),
        ),
        vitals=(
            (540, _pressure("162", "98", "92", "74.20")),
            (410, _pressure("158", "96", "88", "74.0")),
            (300, _pressure("149", "92", "84", "73.15")),
            (200, _pressure("144", "90", "86", "72.80")),
            (110, _pressure("139", "86", "96", "72.50")),
            (19, {**_pressure("136", "84", "98", "72.60"), "height": "168"}),
            (
                9,
                {
                    **_pressure("128", "80", "72", "72.50"),
                    "temperature": "36.8",
                    "respiration": "14",
                    "saturation": "98",
                },
            ),
        ),
        notes=(
            (
                "Feels well on bisoprolol: no palpitations for a week.\n\n"
                "Blood pressure 128/80, pulse 72 and regular. Heart sounds normal.\n\n"
                "Plan: go on with both medicines. ECG in six months."
            ),
            (
                "Palpitations in the evening for some weeks, no fainting, no chest pain.\n\n"
                "Pulse 98, regular. ECG: sinus rhythm.\n\n"
                "Plan: bisoprolol 2.5 mg in the morning, back in ten days."
            ),
        ),
    ),
    Story(
        ("Sami", "Haddad"),
        "Zieliński",
        allergies=(Allergy("Peanuts", AllergyCategory.FOOD, "Hives", Severity.MODERATE),),
        problems=(("Mild intermittent asthma, uncomplicated", "J45.20", "2024"),),
        medicines=(Medicine("Salbutamol 100 micrograms inhaler", "2 puffs", "when needed", 200),),
        vitals=(
            (190, {"weight": "19.2", "height": "112"}),
            (16, {"weight": "20.4", "height": "115", "pulse": "96", "temperature": "37.1"}),
        ),
        notes=("Cough at night has gone. Chest clear.\n\nPlan: inhaler only when needed.",),
    ),
)
NONE_KNOWN = (("Leila", "Haddad"), "Munro")
"""Patients whose doctor asked about allergies, and who have none."""


def add_records(session: Session, hospital: Hospital, now: datetime) -> None:
    """Adds them to the session's transaction, written by each patient's own doctor."""
    for story in STORIES:
        context = _context(session, story.by, hospital, now)
        _tell(context, story, _patient_ref(session, story.patient))
    name, by = NONE_KNOWN
    context = _context(session, by, hospital, now)
    allergies.state_none_known(context, patient=Seen(_patient_ref(session, name), 0))


def _context(session: Session, family: str, hospital: Hospital, now: datetime) -> Context:
    practitioner = session.scalars(select(Practitioner).where(Practitioner.family == family)).one()
    account = session.scalars(
        select(Account).where(Account.practitioner_id == practitioner.id)
    ).one_or_none()
    by = account.actor() if account else actors(session).clinicians[practitioner.id]
    return Context(session, by, hospital, now)


def _patient_ref(session: Session, name: tuple[str, str]) -> str:
    given, family = name
    found = select(Patient.ref).where(Patient.given == given, Patient.family == family)
    return session.scalars(found.order_by(Patient.id)).first() or ""


def _tell(context: Context, story: Story, ref: str) -> None:
    _add_allergies(context, ref, story.allergies)
    for name, code, onset in story.problems:
        conditions.record(
            context, patient_ref=ref, problem=Problem(name, code), details=_problem(onset)
        )
    for medicine in story.medicines:
        _prescribe(context, ref, medicine)
    for days_ago, values in story.vitals:
        measured = VitalSigns(values, context.now - timedelta(days=days_ago))
        observations.record(context, patient_ref=ref, measured=measured, confirmed="")
    add_reports(context, ref, story.patient)
    _sign(context, ref, story.notes)


def _add_allergies(context: Context, ref: str, stories: Iterable[Allergy]) -> None:
    for allergy in stories:
        details = AllergyDetails(
            category=allergy.category,
            reaction=allergy.reaction,
            severity=allergy.severity,
            verification_status=VerificationStatus.CONFIRMED,
            clinical_status=ClinicalStatus.ACTIVE,
            onset="",
            note="",
        )
        allergies.record(context, patient_ref=ref, substance=allergy.substance, details=details)


def _problem(onset: str) -> ProblemDetails:
    return ProblemDetails(
        clinical_status=ClinicalStatus.ACTIVE,
        verification_status=VerificationStatus.CONFIRMED,
        severity=None,
        onset=onset,
        abatement="",
        note="",
    )


def _prescribe(context: Context, ref: str, medicine: Medicine) -> None:
    begins = context.today - timedelta(days=medicine.days_ago)
    days = medicine.for_days
    prescription = Prescription(
        medication=medicine.name,
        dose=medicine.dose,
        route=AdministrationRoute.INHALED
        if "inhaler" in medicine.name
        else AdministrationRoute.ORAL,
        frequency=medicine.frequency,
        starts_on=begins,
        ends_on=begins + timedelta(days=days) if days else None,
        note="",
    )
    medications.prescribe(
        context, patient_ref=ref, prescription=prescription, confirmed=Confirmation()
    )


def _sign(context: Context, ref: str, notes: Iterable[str]) -> None:
    """For the latest past visits with this doctor; the newest note comes first."""
    visits = context.session.execute(
        select(Encounter.ref, Encounter.ended_at)
        .join(Encounter.patient)
        .where(
            Patient.ref == ref,
            Encounter.practitioner_id == context.by.practitioner_id,
            Encounter.ended_at.is_not(None),
        )
        .order_by(Encounter.started_at.desc())
    ).all()
    for visit, body in zip(visits, notes, strict=False):
        at = Context(context.session, context.by, context.hospital, visit.ended_at)
        written = Written(body, version=0, window="demonstration", number=0)
        drafts.sign(at, patient_ref=ref, encounter_ref=visit.ref, written=written)
