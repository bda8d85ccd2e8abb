"""Filling an empty database with the demonstration hospital, and keeping it alive on later days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session
from tqdm import tqdm

from portal.context import Context
from portal.development.cognito.people import CALLUM_FRASER, NAMED_PEOPLE
from portal.development.demonstration import calendar, events, named, patients, staffing
from portal.development.demonstration.actors import Actors, actors
from portal.development.demonstration.diary import Diary
from portal.development.demonstration.working_off import work_off
from portal.models import Account, Patient, Practitioner
from portal.patients.access.actions import hand_out
from portal.patients.access.queries import has_own_account
from portal.patients.registration.actions import register
from portal.patients.registration.rules import Demographics
from portal.settings.configuration import Settings
from portal.settings.hospital import Hospital
from portal.vocabulary import Relationship

SEED = 2407
KNOWN_FOR = timedelta(days=900)
"""The longest time since somebody was registered."""
NAMED_APPOINTMENTS = (
    ("Amina", "Raman", (-19, -9, 6)),
    ("Leila", "Munro", (-12, 8)),
    ("Sami", "Zieliński", (-16, 0)),
    ("Margaret", "Raman", (0,)),
)
"""Who sees whom, in days from today."""
LATER_TODAY = timedelta(minutes=95)
"""When the named patients' appointments of today are, so that there is time to look around first."""


def is_empty(session: Session) -> bool:
    """Whether nobody has an account or a record here yet."""
    return not session.scalar(select(exists(Account.id) | exists(Patient.id)))


def load(session: Session, settings: Settings, now: datetime) -> None:
    """Adds the whole hospital to the session's transaction; the caller commits."""
    random, hospital = Random(SEED), settings.hospital  # noqa: S311 (the same hospital every time)
    today = hospital.today(now)
    clinics = staffing.add_clinics(session)
    practitioners = staffing.add_practitioners(session, clinics, today)
    accounts = staffing.add_accounts(session, practitioners, settings.sign_in.issuer, now)
    by = actors(session)
    known = named.facts_of_named_patients(today)
    reception = Context(session, by.reception, hospital, now)
    known_rows = dict(zip(known, _register(reception, random, known.values()), strict=True))
    others = list(patients.patients(random, today))
    progress = tqdm(others, "Registering patients", unit="", disable=None)
    rows = _register(reception, random, progress)
    named.bind_accounts(session, accounts, known_rows, hospital, now)
    calendar.close_on_bank_holidays(session, by=by.administrator, hospital=hospital, now=now)
    calendar.make_slots(session, hospital, now)
    diary = Diary(session, random, by, hospital, now)
    _book_named(diary, known_rows, practitioners, hospital, now)
    diary.fill(rows, first_day=hospital.today(now - calendar.PAST))
    _bring_up_to(session, random, by, hospital, now)
    events.give_leave(session, by, hospital, now)
    events.lose_one(session)


def go_on(session: Session, settings: Settings, now: datetime) -> None:
    """On a later day: completes the days since, and fills today and the weeks ahead as at first."""
    hospital = settings.hospital
    today = hospital.today(now)
    random = Random(SEED + today.toordinal())  # noqa: S311
    by = actors(session)
    calendar.make_slots(session, hospital, now)
    strangers = select(Patient).where(
        Patient.merged_into_id.is_(None),
        Patient.deceased_on.is_(None),
        Patient.family.not_in([person.family_name for person in NAMED_PEOPLE]),
    )
    rows = session.scalars(strangers.order_by(Patient.id)).all()
    Diary(session, random, by, hospital, now).fill(rows, first_day=today)
    _bring_up_to(session, random, by, hospital, now)


def follow_sign_in(session: Session, issuer: str) -> None:
    """Keeps the accounts of the named people working when the sign-in moves to another port."""
    session.execute(
        update(Account)
        .where(Account.subject.in_([person.sub for person in NAMED_PEOPLE]))
        .values(issuer=issuer)
    )


def hand_out_code(session: Session, settings: Settings, now: datetime) -> str | None:
    """A one-time code for the named person whose account has no record yet; None once it has.

    A new one at each start, because only a hash of a code is kept.
    """
    row = session.scalars(
        select(Patient).where(
            Patient.given == CALLUM_FRASER.given_name,
            Patient.family == CALLUM_FRASER.family_name,
            Patient.merged_into_id.is_(None),
        )
    ).first()
    context = Context(session, actors(session).reception, settings.hospital, now)
    if row is None or has_own_account(context, row.id):
        return None
    return hand_out(
        context,
        patient_ref=row.ref,
        relationship=Relationship.ONESELF,
        secret_key=settings.secret_key,
    )


def _bring_up_to(
    session: Session, random: Random, by: Actors, hospital: Hospital, now: datetime
) -> None:
    work_off(session, random, by, hospital, now)
    events.write_notices(session, hospital, now)
    events.overbook_soon(session, random, by, hospital, now)


def _register(context: Context, random: Random, people: Iterable[Demographics]) -> list[Patient]:
    """Registered at some time in the last years, but not before they were born."""
    return [
        register(replace(context, now=_registered_at(context, random, one)), demographics=one)
        for one in people
    ]


def _registered_at(context: Context, random: Random, person: Demographics) -> datetime:
    known_for = min(KNOWN_FOR, context.now.date() - person.birth_date)
    return context.now - known_for * random.uniform(0.1, 0.9)


def _book_named(
    diary: Diary,
    patients: dict[str, Patient],
    practitioners: list[Practitioner],
    hospital: Hospital,
    now: datetime,
) -> None:
    for patient, family, days in NAMED_APPOINTMENTS:
        [practitioner] = [row for row in practitioners if row.family == family]
        for ahead in days:
            day, _ = hospital.day(hospital.today(now) + timedelta(days=ahead))
            since = day if ahead else now + LATER_TODAY
            diary.book_first(patients[patient], practitioner, since)
