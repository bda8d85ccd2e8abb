"""Rows of the clinics, their practitioners and week, and of the accounts of the named people."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.development.cognito.people import NAMED_PEOPLE, NamedPerson
from portal.development.demonstration import places
from portal.models import Account, Location, LocationHours, Practitioner, PractitionerRole, Schedule

SCHEDULES_BEGAN = timedelta(days=365)


def add_clinics(session: Session) -> dict[str, Location]:
    """The clinics by name, open on weekdays."""
    for facts in places.CLINICS:
        hours = [
            LocationHours(weekday=day, opens=places.OPENS, closes=places.CLOSES)
            for day in range(len(places.WEEKDAYS))
        ]
        session.add(
            Location(name=facts.name, phone=facts.phone, address=facts.address, hours=hours)
        )
    session.flush()
    return {location.name: location for location in session.scalars(select(Location))}


def add_practitioners(
    session: Session, clinics: dict[str, Location], today: date
) -> list[Practitioner]:
    """The practitioners with their clinics and weekly sessions."""
    return [_practitioner(session, facts, clinics, today) for facts in places.PRACTITIONERS]


def _practitioner(
    session: Session,
    facts: places.PractitionerFacts,
    clinics: dict[str, Location],
    today: date,
) -> Practitioner:
    row = Practitioner(
        prefix=facts.prefix, given=facts.given, family=facts.family, specialty=facts.specialty
    )
    session.add(row)
    session.flush()
    session.add_all(
        PractitionerRole(practitioner_id=row.id, location_id=clinics[name].id)
        for name in facts.clinics
    )
    session.add_all(
        Schedule(
            practitioner_id=row.id,
            location_id=clinics[facts.clinics[0]].id,
            weekday=weekday,
            starts=sessions.hours[0],
            ends=sessions.hours[1],
            slot_minutes=places.SLOT_MINUTES,
            mode=sessions.mode,
            valid_from=today - SCHEDULES_BEGAN,
        )
        for sessions in facts.sessions
        for weekday in sessions.weekdays
    )
    session.flush()
    return row


def add_accounts(
    session: Session, practitioners: list[Practitioner], issuer: str, now: datetime
) -> dict[str, Account]:
    """An account for each of the named people, by `sub`."""
    by_name = {(row.given, row.family): row.id for row in practitioners}
    accounts = {
        person.sub: Account(
            issuer=issuer,
            subject=person.sub,
            username=person.sub if person.group else None,
            name=person.name,
            email=person.email,
            role_values=_role(person).value,
            practitioner_id=by_name.get((person.given_name, person.family_name)),
            created_at=now,
        )
        for person in NAMED_PEOPLE
    }
    session.add_all(accounts.values())
    session.flush()
    return accounts


def _role(person: NamedPerson) -> Role:
    return Role(person.group) if person.group else Role.PATIENT
