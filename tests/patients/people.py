"""People for these tests: patients who can be found, what is typed about them, the audit trail."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import AdministrativeGender, AuditEvent, Patient
from portal.models.search_terms import write_search_terms
from portal.patients.demographics import Contact, Demographics
from tests.hospital import a_patient


def findable(session: Session, **facts: Any) -> Patient:
    """A patient with their search terms."""
    patient = a_patient(session, **facts)
    write_search_terms(session, [patient])
    return patient


def demographics(**facts: Any) -> Demographics:
    """Those of Amina Okafor, unless told otherwise."""
    defaults: dict[str, Any] = {
        "given": "Amina",
        "family": "Okafor",
        "birth_date": date(1984, 3, 27),
        "gender": AdministrativeGender.FEMALE,
        "phone": "07700 900123",
        "email": None,
        "address": None,
        "language": "en",
        "emergency_name": None,
        "emergency_relationship": None,
        "emergency_phone": None,
    }
    return Demographics(**{**defaults, **facts})


def contact(**facts: Any) -> Contact:
    defaults: dict[str, Any] = {"phone": None, "email": None, "address": None, "language": "en"}
    return Contact(**{**defaults, **facts})


def typed(**facts: str) -> dict[str, str]:
    """What a browser sends of the form about Amina Okafor."""
    defaults = {
        "given": "Amina",
        "family": "Okafor",
        "birth_date-day": "27",
        "birth_date-month": "3",
        "birth_date-year": "1984",
        "gender": "female",
        "phone": "07700 900123",
        "language": "en",
    }
    return {**defaults, **facts}


def audited(session: Session) -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
