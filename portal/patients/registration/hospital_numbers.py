"""Gives new patients a hospital number. The unique key prevents duplicates."""

import secrets

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.models import Patient
from portal.patients.registration import rules

ATTEMPTS = 8


def give_hospital_number(session: Session, patient: Patient) -> None:
    """Adds a new patient to the session under a random number and flushes it.

    A random number does not reveal when a patient was registered or how many there are.
    Raises `IntegrityError` when eight
    numbers in a row were taken, or when something else about the row breaks a key.
    """
    for attempt in range(1, ATTEMPTS + 1):
        base = rules.LOWEST_BASE + secrets.randbelow(rules.HIGHEST_BASE - rules.LOWEST_BASE + 1)
        patient.hospital_number = rules.hospital_number(base)
        try:
            with session.begin_nested():
                session.add(patient)
                session.flush()
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        else:
            return
