"""The one statement for the facts around a record, built once per set of options."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, func, or_, select

from portal.access import Relation
from portal.appointments.rules import phase_of
from portal.models import (
    Appointment,
    DocumentReference,
    Encounter,
    Location,
    Note,
    Patient,
    Practitioner,
    RelatedPerson,
)
from portal.models.base import Instant, table_of
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns
from portal.reach import scope
from portal.vocabulary import (
    AppointmentStatus,
    CompositionStatus,
    DocumentReferenceStatus,
    EncounterStatus,
    Mode,
    Phase,
    Relationship,
    Scan,
)
from portal.words import name_of

_appointment, _encounter, _location = map(table_of, (Appointment, Encounter, Location))
_patient, _practitioner, _note = map(table_of, (Patient, Practitioner, Note))
_related_person, _document = table_of(RelatedPerson), table_of(DocumentReference)
_visit, _ahead = _appointment.alias("visit"), _appointment.alias("ahead")
_following, _follower = _appointment.alias("following"), _patient.alias("follower")

_BEGINS, _ENDS = (bindparam(name, type_=Instant()) for name in ("begins", "ends"))
_OPEN = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)


class Glance(NamedTuple):
    """The facts about the patient, then those of the visit, which are all None without a visit."""

    language: str
    interpreter_needed: bool
    do_not_contact: bool
    carers: int
    """People who act for the patient as carers today."""
    documents: int
    next_at: datetime | None
    next_ref: str | None
    last_at: datetime | None
    ref: str | None
    starts_at: datetime | None
    status: AppointmentStatus | None
    version: int | None
    mode: Mode | None
    reason: str | None
    location_ref: str | None
    location: str | None
    practitioner_ref: str | None
    practitioner: str | None
    encounter_ref: str | None
    encounter_status: EncounterStatus | None
    signed_at: datetime | None
    drafts: int
    """The actor's own unsigned notes about the visit."""
    next_patient_ref: str | None
    next_patient_given: str | None
    next_patient_family: str | None
    next_patient_at: datetime | None
    next_appointment_ref: str | None

    @property
    def phase(self) -> Phase | None:
        return phase_of(self.status, self.encounter_status) if self.status else None

    @property
    def next_patient(self) -> str:
        return name_of(self.next_patient_given or "", self.next_patient_family or "")


_CARERS = (
    select(func.count())
    .where(
        _related_person.c.patient_id == _patient.c.id,
        _related_person.c.relationship_kind == Relationship.CARER,
        _related_person.c.ended_at.is_(None),
        or_(_related_person.c.ends_on.is_(None), _related_person.c.ends_on > bindparam("today")),
    )
    .scalar_subquery()
)
_DOCUMENTS = (
    select(func.count())
    .where(
        _document.c.patient_id == _patient.c.id,
        _document.c.status == DocumentReferenceStatus.CURRENT,
        _document.c.scan == Scan.CLEAN,
    )
    .scalar_subquery()
)
_LAST_AT = (
    select(func.max(_encounter.c.started_at))
    .where(_encounter.c.patient_id == _patient.c.id, _encounter.c.started_at < _BEGINS)
    .correlate(_patient)
    .scalar_subquery()
)
_NEXT_ID = (
    select(_appointment.c.id)
    .where(
        _appointment.c.patient_id == _patient.c.id,
        _appointment.c.starts_at >= _ENDS,
        _appointment.c.status.in_(_OPEN),
    )
    .order_by(_appointment.c.starts_at, _appointment.c.id)
    .limit(1)
    .correlate(_patient)
    .scalar_subquery()
)
_DRAFTS = (
    select(func.count())
    .where(
        _note.c.encounter_id == _encounter.c.id,
        _note.c.author_account_id == bindparam("actor_account_id"),
        _note.c.status == CompositionStatus.PRELIMINARY,
    )
    .correlate(_encounter)
    .scalar_subquery()
)
_FOLLOWING_ID = (
    select(_appointment.c.id)
    .where(
        _appointment.c.practitioner_id == _visit.c.practitioner_id,
        _appointment.c.location_id == _visit.c.location_id,
        _visit.c.starts_at >= _BEGINS,
        _appointment.c.starts_at < _ENDS,
        _appointment.c.status.in_(_OPEN),
        or_(
            _appointment.c.starts_at > _visit.c.starts_at,
            and_(_appointment.c.starts_at == _visit.c.starts_at, _appointment.c.id > _visit.c.id),
        ),
    )
    .order_by(_appointment.c.starts_at, _appointment.c.id)
    .limit(1)
    .correlate(_visit)
    .scalar_subquery()
)
"""The next patient of the same practitioner on the same day."""


@cache
def _visit_id(seen: frozenset[Relation], *, named: bool) -> Any:
    """The appointment in the address; otherwise today's, preferably with the actor."""
    asked = (
        (_appointment.c.ref == bindparam("visit_ref"),)
        if named
        else (
            _appointment.c.starts_at >= _BEGINS,
            _appointment.c.starts_at < _ENDS,
            _appointment.c.status != AppointmentStatus.CANCELLED,
        )
    )
    with_the_actor = _appointment.c.practitioner_id == bindparam("actor_practitioner_id")
    return (
        select(_appointment.c.id)
        .where(_appointment.c.patient_id == _patient.c.id, scope.appointments(seen), *asked)
        .order_by(case((with_the_actor, 0), else_=1), _appointment.c.starts_at)
        .limit(1)
        .correlate(_patient)
        .scalar_subquery()
    )


@cache
def about(seen: frozenset[Relation], *, named: bool) -> Select[Any]:
    others = {
        "carers": _CARERS,
        "documents": _DOCUMENTS,
        "next_at": _ahead.c.starts_at,
        "next_ref": _ahead.c.ref,
        "last_at": _LAST_AT,
        **{
            name: _visit.c[name]
            for name in ("ref", "starts_at", "status", "version", "mode", "reason")
        },
        "location_ref": _location.c.ref,
        "location": _location.c.name,
        "practitioner_ref": _practitioner.c.ref,
        "practitioner": PRACTITIONER_NAME,
        "encounter_ref": _encounter.c.ref,
        "encounter_status": _encounter.c.status,
        "signed_at": _encounter.c.signed_at,
        "drafts": _DRAFTS,
        "next_patient_ref": _follower.c.ref,
        "next_patient_given": _follower.c.given,
        "next_patient_family": _follower.c.family,
        "next_patient_at": _following.c.starts_at,
        "next_appointment_ref": _following.c.ref,
    }
    visit_id = _visit_id(seen, named=named)
    same_list = _following.c.practitioner_id == _visit.c.practitioner_id
    return (
        select(*columns(Glance, _patient, **others))
        .select_from(_patient)
        .outerjoin(_ahead, and_(_ahead.c.patient_id == _patient.c.id, _ahead.c.id == _NEXT_ID))
        .outerjoin(_visit, and_(_visit.c.patient_id == _patient.c.id, _visit.c.id == visit_id))
        .outerjoin(_encounter, _encounter.c.appointment_id == _visit.c.id)
        .outerjoin(_location, _location.c.id == _visit.c.location_id)
        .outerjoin(_practitioner, _practitioner.c.id == _visit.c.practitioner_id)
        .outerjoin(_following, and_(same_list, _following.c.id == _FOLLOWING_ID))
        .outerjoin(_follower, _follower.c.id == _following.c.patient_id)
        .where(_patient.c.id == bindparam("patient_id"))
    )
