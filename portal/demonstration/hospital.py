"""Filling an empty database with the demonstration hospital."""

from datetime import datetime
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from tqdm import tqdm

from portal.config import Settings
from portal.demonstration import patients, staffing
from portal.models import Account, Patient
from portal.models.hospital_number import give_hospital_number
from portal.models.search_terms import write_search_terms

SEED = 2407


def is_empty(session: Session) -> bool:
    """Whether nobody has an account or a record here yet."""
    return not session.scalar(select(exists(Account.id) | exists(Patient.id)))


def load(session: Session, settings: Settings, now: datetime) -> None:
    """Adds the whole hospital to the session's transaction; the caller commits."""
    random = Random(SEED)  # noqa: S311 (the same hospital every time)
    today = settings.hospital.today(now)
    clinics = staffing.add_clinics(session)
    practitioners = staffing.add_practitioners(session, clinics, today)
    staffing.add_accounts(session, practitioners, settings.sign_in.issuer, now)
    rows = []
    for facts in tqdm(list(patients.patients(random, today)), "Registering patients", unit=""):
        row = Patient(**patients.as_columns(facts), created_at=now, updated_at=now)
        give_hospital_number(session, row)
        rows.append(row)
    write_search_terms(session, rows)
