"""Hands out a code and claims a record with it."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Actor
from portal.models import Patient
from portal.patients.access import actions, codes
from portal.vocabulary import Relationship
from tests.builders import NOW, context_for

SECRET_KEY = "a key for these tests alone"


BORN = date(1984, 3, 27)


def hand_out(
    session: Session,
    by: Actor,
    patient: Patient,
    relationship: Relationship = Relationship.ONESELF,
) -> str:
    return actions.hand_out(
        context_for(session, by),
        patient_ref=patient.ref,
        relationship=relationship,
        secret_key=SECRET_KEY,
    )


def claim(session: Session, by: Actor, code: str, birth_date: date = BORN, **setting: Any) -> str:
    return actions.claim(
        context_for(session, by, setting.pop("now", NOW)),
        hashes=codes.hashes_of(code, setting.pop("secrets", [SECRET_KEY])),
        birth_date=birth_date,
    )
