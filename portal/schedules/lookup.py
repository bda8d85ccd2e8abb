"""Finding the practitioner, clinic, session or exception of a page; raises `NotFound`."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import words
from portal.errors import NotFound
from portal.models import (
    Location,
    LocationHours,
    Practitioner,
    PractitionerRole,
    Schedule,
    ScheduleException,
)
from portal.models.base import table_of
from portal.models.rows import columns, one_row, rows
from portal.schedules.rules import Span

_practitioner = table_of(Practitioner)
_location = table_of(Location)
_hours = table_of(LocationHours)


class FoundPractitioner(NamedTuple):
    id: int
    ref: str
    prefix: str
    given: str
    family: str
    specialty: str
    active: bool
    version: int

    @property
    def name(self) -> str:
        return words.name_of(self.given, self.family, self.prefix)


class FoundClinic(NamedTuple):
    id: int
    ref: str
    name: str
    phone: str
    address: str
    active: bool
    version: int


class WhoseSession(NamedTuple):
    """The practitioner and the clinic of a weekly session."""

    practitioner_ref: str
    prefix: str
    given: str
    family: str
    location_ref: str
    location: str

    @property
    def name(self) -> str:
        return words.name_of(self.given, self.family, self.prefix)


class Concerned(NamedTuple):
    """The practitioner and the clinic of an exception; empty when it has none."""

    prefix: str | None
    given: str | None
    family: str | None
    location: str | None

    @property
    def name(self) -> str:
        return words.name_of(self.given or "", self.family or "", self.prefix or "")


def practitioner(session: Session, ref: str) -> FoundPractitioner:
    statement = select(*columns(FoundPractitioner, _practitioner))
    return one_row(session, FoundPractitioner, statement.where(_practitioner.c.ref == ref))


def location(session: Session, ref: str, *, held: bool = False) -> FoundClinic:
    """The clinic; `held` locks it, so that its hours can't change while sessions are checked."""
    statement = select(*columns(FoundClinic, _location)).where(_location.c.ref == ref)
    if held:
        statement = statement.with_for_update(read=True)
    return one_row(session, FoundClinic, statement)


def schedule(session: Session, ref: str) -> tuple[Schedule, WhoseSession]:
    """The weekly session, with its practitioner and clinic."""
    whose = columns(
        WhoseSession,
        _practitioner,
        practitioner_ref=_practitioner.c.ref,
        location_ref=_location.c.ref,
        location=_location.c.name,
    )
    found = session.execute(
        select(Schedule, *whose)
        .join(Schedule.practitioner)
        .join(Schedule.location)
        .where(Schedule.ref == ref)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, *names = found
    return row, WhoseSession._make(names)


def exception(session: Session, ref: str) -> tuple[ScheduleException, Concerned]:
    """The leave, closure or extra clinic, with its practitioner and clinic."""
    found = session.execute(
        select(ScheduleException, *columns(Concerned, _practitioner, location=_location.c.name))
        .outerjoin(ScheduleException.practitioner)
        .outerjoin(ScheduleException.location)
        .where(ScheduleException.ref == ref)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, *names = found
    return row, Concerned._make(names)


def works_in(session: Session, practitioner_id: int, location_id: int) -> bool:
    return (
        session.execute(
            select(PractitionerRole.location_id).where(
                PractitionerRole.practitioner_id == practitioner_id,
                PractitionerRole.location_id == location_id,
            )
        ).one_or_none()
        is not None
    )


def hours_of(session: Session, location_id: int) -> list[Span]:
    """The clinic's hours, in order."""
    statement = (
        select(_hours.c.weekday, _hours.c.opens, _hours.c.closes)
        .where(_hours.c.location_id == location_id)
        .order_by(_hours.c.weekday, _hours.c.opens)
    )
    return [Span(weekday, opens, closes) for weekday, opens, closes in session.execute(statement)]


def clinic_choices(session: Session, practitioner_id: int | None = None) -> dict[str, str]:
    """Names by reference of the open clinics: all, or those of a practitioner."""
    statement = select(Location.ref, Location.name).where(Location.active).order_by(Location.name)
    if practitioner_id is not None:
        statement = statement.join(
            PractitionerRole, PractitionerRole.location_id == Location.id
        ).where(PractitionerRole.practitioner_id == practitioner_id)
    return {row.ref: row.name for row in session.execute(statement)}


def practitioner_choices(session: Session) -> dict[str, str]:
    """Names by reference of the practitioners who can be booked."""
    statement = (
        select(*columns(FoundPractitioner, _practitioner))
        .where(_practitioner.c.active)
        .order_by(_practitioner.c.family, _practitioner.c.given)
    )
    return {found.ref: found.name for found in rows(session, FoundPractitioner, statement)}
