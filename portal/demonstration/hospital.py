"""Filling an empty database with the demonstration hospital."""

from collections.abc import Iterable
from datetime import datetime, time
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from tqdm import tqdm

from portal.config import Settings
from portal.demonstration import calendar, named, patients, staffing
from portal.demonstration.diary import Diary
from portal.demonstration.patients import PatientFacts
from portal.models import Account, Patient, Practitioner
from portal.models.hospital_number import give_hospital_number
from portal.models.search_terms import write_search_terms

SEED = 2407
NAMED_APPOINTMENTS = (
    ("Amina", "Raman", (-19, -9, 6)),
    ("Leila", "Munro", (-12, 8)),
    ("Sami", "Zieliński", (-16, 0)),
    ("Margaret", "Raman", (0,)),
)
"""Who has been to whom, and will be: in days from today."""
TODAY = time(11, 40)
"""From when on they come today."""


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
    known = named.facts_of_named_patients(today)
    known_rows = dict(zip(known, _register(session, known.values(), now), strict=True))
    others = list(patients.patients(random, today))
    rows = _register(session, tqdm(others, "Registering patients", unit=""), now)
    named.bind_accounts(session, accounts, known_rows, hospital, now)
    calendar.make_slots(session, practitioners, hospital, now)
    diary = Diary(session, random, hospital, now)
    _book_named(diary, known_rows, practitioners)
    diary.fill(rows)


def _register(session: Session, facts: Iterable[PatientFacts], now: datetime) -> list[Patient]:
    rows = []
    for one in facts:
        row = Patient(**patients.as_columns(one), created_at=now, updated_at=now)
        give_hospital_number(session, row)
        rows.append(row)
    write_search_terms(session, rows)
    return rows


def _book_named(
    diary: Diary, patients: dict[str, Patient], practitioners: list[Practitioner]
) -> None:
    for patient, family, days in NAMED_APPOINTMENTS:
        [practitioner] = [row for row in practitioners if row.family == family]
        for ahead in days:
            clock = time.min if ahead else TODAY
            diary.book_first(patients[patient], practitioner, days=ahead, clock=clock)
