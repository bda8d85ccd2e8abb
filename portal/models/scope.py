"""The rows that an actor may see. Lists and look-ups are filtered with these clauses and no others.

A clause holds bind parameters, so that statements can be built once; `parameters` gives their values.
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
    or_,
    select,
    true,
)

from portal.access import Actor, Relation
from portal.hospital import Hospital
from portal.models.base import Instant, table_of
from portal.models.documents import DocumentReference, Scan
from portal.models.locations import Location
from portal.models.patients import Patient, RelatedPerson
from portal.models.practitioners import PractitionerRole
from portal.models.scheduling import Appointment, AppointmentStatus

_patient = table_of(Patient)
_practitioner_role = table_of(PractitionerRole)
_related_person = table_of(RelatedPerson)
_appointment = table_of(Appointment)
_document = table_of(DocumentReference)
_location = table_of(Location)

_ACCOUNT: BindParameter[int] = bindparam("actor_account_id")
_PRACTITIONER: BindParameter[int] = bindparam("actor_practitioner_id")
_TODAY: BindParameter[date] = bindparam("actor_today")
_FROM = bindparam("care_team_from", type_=Instant())
_TO = bindparam("care_team_to", type_=Instant())


def parameters(by: Actor, hospital: Hospital, now: datetime) -> dict[str, Any]:
    """Values for the bind parameters of every clause here."""
    return {
        "actor_account_id": by.account_id,
        "actor_practitioner_id": by.practitioner_id,
        "actor_today": hospital.today(now),
        "care_team_from": now - timedelta(days=hospital.care_team_days_before),
        "care_team_to": now + timedelta(days=hospital.care_team_days_after),
    }


def acting() -> ColumnElement[bool]:
    """A clause over `RelatedPerson`: the actor's own rows that hold today."""
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
    return exists().where(
        meeting.c.patient_id == patient_id,
        meeting.c.status != AppointmentStatus.CANCELLED,
        meeting.c.starts_at.between(_FROM, _TO),
        or_(
            meeting.c.practitioner_id == _PRACTITIONER,
            meeting.c.location_id.in_(_their_locations()),
        ),
    )


def their_meetings() -> tuple[Select[Any], Select[Any]]:
    """`patient_id` of each meeting that makes somebody their patient: with them, in their clinics.

    The same rows as `their patients`, for a search that is cheaper to begin here. In two parts,
    because no index serves both at once.
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
    )


@cache
def patients(relations: frozenset[Relation]) -> ColumnElement[bool]:
    """A clause over `Patient`; `their clinic` gives no patients, only places and times."""
    clauses: dict[Relation, ColumnElement[bool]] = {
        Relation.ANYONE: true(),
        Relation.THEIR_OWN: _acts_for(_patient.c.id),
        Relation.THEIR_PATIENTS: _cares_for(_patient.c.id),
        Relation.THEIR_CLINIC: false(),
    }
    return or_(false(), *(clauses[relation] for relation in sorted(relations, key=str)))


@cache
def appointments(relations: frozenset[Relation]) -> ColumnElement[bool]:
    """A clause over `Appointment`."""
    clauses: dict[Relation, ColumnElement[bool]] = {
        Relation.ANYONE: true(),
        Relation.THEIR_OWN: _acts_for(_appointment.c.patient_id),
        Relation.THEIR_PATIENTS: _cares_for(_appointment.c.patient_id),
        Relation.THEIR_CLINIC: or_(
            _appointment.c.practitioner_id == _PRACTITIONER,
            _appointment.c.location_id.in_(_their_locations()),
        ),
    }
    return or_(false(), *(clauses[relation] for relation in sorted(relations, key=str)))


@cache
def documents(relations: frozenset[Relation]) -> ColumnElement[bool]:
    """A clause over `DocumentReference`: those of their patients, a rejected one only if they sent it."""
    clauses: dict[Relation, ColumnElement[bool]] = {
        Relation.ANYONE: true(),
        Relation.THEIR_OWN: _acts_for(_document.c.patient_id),
        Relation.THEIR_PATIENTS: _cares_for(_document.c.patient_id),
        Relation.THEIR_CLINIC: false(),
    }
    return and_(
        or_(_document.c.scan != Scan.REJECTED, _document.c.added_by_id == _ACCOUNT),
        or_(false(), *(clauses[relation] for relation in sorted(relations, key=str))),
    )


@cache
def locations(relations: frozenset[Relation]) -> ColumnElement[bool]:
    """A clause over `Location`: whose day list may be seen."""
    clauses: dict[Relation, ColumnElement[bool]] = {
        Relation.ANYONE: true(),
        Relation.THEIR_CLINIC: _location.c.id.in_(_their_locations()),
    }
    return or_(
        false(),
        *(clauses.get(relation, false()) for relation in sorted(relations, key=str)),
    )
