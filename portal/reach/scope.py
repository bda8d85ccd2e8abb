"""The rows that an actor may see.

All lists and look-ups use these clauses. They have bind parameters, so that statements can be built once;
`parameters` returns the values.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from portal.access import Actor, Relation
from portal.models.base import Instant, table_of
from portal.models.documents import DocumentReference
from portal.models.emergency_access import EmergencyAccess
from portal.models.locations import Location
from portal.models.observations import ObservationPanel, ResultHold, ResultWait
from portal.models.patients import Patient, RelatedPerson
from portal.models.practitioners import PractitionerRole
from portal.models.scheduling import Appointment
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, Scan

_patient = table_of(Patient)
_practitioner_role = table_of(PractitionerRole)
_related_person = table_of(RelatedPerson)
_appointment = table_of(Appointment)
_document = table_of(DocumentReference)
_location = table_of(Location)
_emergency_access = table_of(EmergencyAccess)
_panel, _hold, _wait = map(table_of, (ObservationPanel, ResultHold, ResultWait))

_ACCOUNT: BindParameter[int] = bindparam("actor_account_id")
_PRACTITIONER: BindParameter[int] = bindparam("actor_practitioner_id")
_TODAY: BindParameter[date] = bindparam("actor_today")
_NOW = bindparam("actor_now", type_=Instant())
_FROM = bindparam("care_team_from", type_=Instant())
_TO = bindparam("care_team_to", type_=Instant())


def parameters(by: Actor, hospital: Hospital, now: datetime) -> dict[str, Any]:
    """Values for the bind parameters of every clause here."""
    return {
        "actor_account_id": by.account_id,
        "actor_practitioner_id": by.practitioner_id,
        "actor_today": hospital.today(now),
        "actor_now": now,
        "care_team_from": now - timedelta(days=hospital.care_team_days_before),
        "care_team_to": now + timedelta(days=hospital.care_team_days_after),
    }


def acting() -> ColumnElement[bool]:
    """A clause over `RelatedPerson`: the actor's own rows that are valid today."""
    return and_(
        _related_person.c.account_id == _ACCOUNT,
        _related_person.c.ended_at.is_(None),
        or_(_related_person.c.ends_on.is_(None), _related_person.c.ends_on > _TODAY),
    )


def _acts_for(patient_id: ColumnElement[int] | Any) -> ColumnElement[bool]:
    return exists().where(acting(), _related_person.c.patient_id == patient_id)


def _their_locations() -> Any:
    return select(_practitioner_role.c.location_id).where(
        _practitioner_role.c.practitioner_id == _PRACTITIONER
    )


def _cares_for(patient_id: ColumnElement[int] | Any) -> ColumnElement[bool]:
    meeting = _appointment.alias()
    meets = exists().where(
        meeting.c.patient_id == patient_id,
        meeting.c.status != AppointmentStatus.CANCELLED,
        meeting.c.starts_at.between(_FROM, _TO),
        or_(
            meeting.c.practitioner_id == _PRACTITIONER,
            meeting.c.location_id.in_(_their_locations()),
        ),
    )
    emergency = emergency_access().where(_emergency_access.c.patient_id == patient_id)
    return or_(meets, emergency.exists())


def emergency_access() -> Select[Any]:
    """`patient_id` of each record that the actor has opened in an emergency and may still see."""
    return select(_emergency_access.c.patient_id).where(
        _emergency_access.c.account_id == _ACCOUNT, _emergency_access.c.ends_at > _NOW
    )


def emergency_until(patient_id: ColumnElement[int] | Any) -> Any:
    """The end of the actor's emergency access to this patient; NULL if there is none."""
    return (
        select(func.max(_emergency_access.c.ends_at))
        .where(
            _emergency_access.c.account_id == _ACCOUNT,
            _emergency_access.c.ends_at > _NOW,
            _emergency_access.c.patient_id == patient_id,
        )
        .scalar_subquery()
    )


def theirs() -> tuple[Select[Any], ...]:
    """`patient_id` of every patient of the actor: by a meeting with them, in their clinic, or in an
    emergency.

    The same rows as `their patients`, for searches that are faster when they start here. A UNION, because no
    single index serves all parts.
    """
    meeting = select(_appointment.c.patient_id).where(
        _appointment.c.status != AppointmentStatus.CANCELLED,
        _appointment.c.starts_at.between(_FROM, _TO),
    )
    role = _practitioner_role
    return (
        meeting.where(_appointment.c.practitioner_id == _PRACTITIONER),
        meeting.join(role, role.c.location_id == _appointment.c.location_id).where(
            role.c.practitioner_id == _PRACTITIONER
        ),
        emergency_access(),
    )


def of_patient(
    patient_id: ColumnElement[int] | Any,
    relations: frozenset[Relation],
    their_clinic: ColumnElement[bool] | None = None,
) -> ColumnElement[bool]:
    """A clause over any table with a patient: the rows of patients whom the actor may see.

    `their_clinic` is the clause for those who work in a clinic; without it they see nothing.
    """
    clauses: dict[Relation, ColumnElement[bool]] = {
        Relation.ANYONE: true(),
        Relation.THEIR_OWN: _acts_for(patient_id),
        Relation.THEIR_PATIENTS: _cares_for(patient_id),
        Relation.THEIR_CLINIC: false() if their_clinic is None else their_clinic,
    }
    return or_(false(), *(clauses[relation] for relation in sorted(relations, key=str)))


@cache
def patients(relations: frozenset[Relation]) -> ColumnElement[bool]:
    """A clause over `Patient`."""
    return of_patient(_patient.c.id, relations)


@cache
def appointments(relations: frozenset[Relation]) -> ColumnElement[bool]:
    """A clause over `Appointment`."""
    in_their_clinic = or_(
        _appointment.c.practitioner_id == _PRACTITIONER,
        _appointment.c.location_id.in_(_their_locations()),
    )
    return of_patient(_appointment.c.patient_id, relations, in_their_clinic)


@cache
def documents(relations: frozenset[Relation]) -> ColumnElement[bool]:
    """A clause over `DocumentReference`: a rejected document is visible only to its sender."""
    return and_(
        or_(_document.c.scan != Scan.REJECTED, _document.c.added_by_id == _ACCOUNT),
        of_patient(_document.c.patient_id, relations),
    )


@cache
def locations(relations: frozenset[Relation]) -> ColumnElement[bool]:
    """A clause over `Location`: the clinics whose day list may be seen."""
    clauses: dict[Relation, ColumnElement[bool]] = {
        Relation.ANYONE: true(),
        Relation.THEIR_CLINIC: _location.c.id.in_(_their_locations()),
    }
    return or_(
        false(),
        *(clauses.get(relation, false()) for relation in sorted(relations, key=str)),
    )


def is_held() -> ColumnElement[bool]:
    """A clause over `ObservationPanel`: a clinician holds it back from the patient today."""
    hold = _hold.alias()
    return exists().where(
        hold.c.panel_id == _panel.c.id, hold.c.ended_at.is_(None), hold.c.ends_at > _NOW
    )


def waits_for_a_talk() -> ColumnElement[bool]:
    """A clause over `ObservationPanel`: the patient wants a talk first, and there was none yet."""
    return and_(
        _panel.c.discussed_at.is_(None),
        exists().where(
            _wait.c.patient_id == _panel.c.patient_id,
            _wait.c.ended_at.is_(None),
            _wait.c.chosen_at <= _panel.c.recorded_at,
        ),
    )


@cache
def results_for_the_patient() -> ColumnElement[bool]:
    """A clause over `ObservationPanel`: those that the patient and their proxies may know of."""
    return not_(or_(is_held(), waits_for_a_talk()))
