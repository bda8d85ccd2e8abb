"""Finding the practitioner, clinic, session or day off that a page is about; `NotFound` otherwise."""

from typing import Any, Literal

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.models import (
    Location,
    LocationHours,
    Practitioner,
    PractitionerRole,
    Schedule,
    ScheduleException,
)
from portal.schedules.rules import Span

_NAME = Practitioner.prefix, Practitioner.given, Practitioner.family


def practitioner(session: Session, ref: str) -> Row[Any]:
    """`id`, `ref`, `prefix`, `given`, `family`, `specialty`, `active`."""
    return _one(
        session,
        select(
            Practitioner.id, Practitioner.ref, *_NAME, Practitioner.specialty, Practitioner.active
        ).where(Practitioner.ref == ref),
    )


def location(
    session: Session, ref: str, *, held: Literal["shared", "alone"] | None = None
) -> Row[Any]:
    """`id`, `ref`, `name`, `phone`, `address`, `active`.

    Whoever compares sessions with its hours holds the row `shared`, whoever changes these `alone`.
    """
    statement = select(
        Location.id,
        Location.ref,
        Location.name,
        Location.phone,
        Location.address,
        Location.active,
    ).where(Location.ref == ref)
    if held:
        statement = statement.with_for_update(read=held == "shared")
    return _one(session, statement)


def schedule(session: Session, ref: str) -> tuple[Schedule, Row[Any]]:
    """The weekly session, and of whom and where it is."""
    row = _one(
        session,
        select(
            Schedule,
            Schedule.practitioner_id,
            Practitioner.ref.label("practitioner_ref"),
            *_NAME,
            Location.ref.label("location_ref"),
            Location.name.label("location"),
        )
        .join(Schedule.practitioner)
        .join(Schedule.location)
        .where(Schedule.ref == ref)
        .execution_options(populate_existing=True),
    )
    return row.Schedule, row


def exception(session: Session, ref: str) -> tuple[ScheduleException, Row[Any]]:
    """The day off or extra clinic, and whom and where it concerns, if anybody and anywhere."""
    row = _one(
        session,
        select(
            ScheduleException,
            *_NAME,
            Location.name.label("location"),
        )
        .outerjoin(ScheduleException.practitioner)
        .outerjoin(ScheduleException.location)
        .where(ScheduleException.ref == ref)
        .execution_options(populate_existing=True),
    )
    return row.ScheduleException, row


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
        select(LocationHours.weekday, LocationHours.opens, LocationHours.closes)
        .where(LocationHours.location_id == location_id)
        .order_by(LocationHours.weekday, LocationHours.opens)
    )
    return [Span(*row) for row in session.execute(statement)]


def _one(session: Session, statement: Any) -> Row[Any]:
    row: Row[Any] | None = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return row
