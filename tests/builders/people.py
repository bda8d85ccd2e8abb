"""Patients, accounts, and the people who act for patients."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, Patient, RelatedPerson
from portal.patients.registration.rules import LOWEST_BASE, hospital_number
from portal.patients.search.terms import write_search_terms
from portal.vocabulary import AdministrativeGender, Relationship
from tests.builders.rows import NOW, added, serial


def unsaved_patient(**facts: Any) -> Patient:
    """A patient without a hospital number, not added to a session."""
    number = next(serial)
    defaults = {
        "family": "Okafor",
        "given": "Amina",
        "birth_date": date(1984, 3, 27),
        "gender": AdministrativeGender.FEMALE,
        "phone": "07700 900123",
        "email": f"amina{number}@example.org",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Patient(**{**defaults, **facts})


def a_patient(session: Session, **facts: Any) -> Patient:
    number = hospital_number(LOWEST_BASE + next(serial))
    return added(session, unsaved_patient(**{"hospital_number": number, **facts}))


def findable(session: Session, **facts: Any) -> Patient:
    """A patient with their search terms."""
    patient = a_patient(session, **facts)
    write_search_terms(session, [patient])
    return patient


def an_account(session: Session, *roles: Role, **facts: Any) -> Account:
    number = next(serial)
    defaults = {
        "issuer": "http://127.0.0.1:8001/local_pool",
        "subject": f"subject-{number}",
        "name": f"Person {number}",
        "email": f"person{number}@example.org",
        "role_values": " ".join(role.value for role in roles),
        "created_at": NOW,
    }
    return added(session, Account(**{**defaults, **facts}))


def an_account_of(
    session: Session,
    patient: Patient,
    relationship: Relationship = Relationship.ONESELF,
    **facts: Any,
) -> Account:
    """A patient's or a proxy's account, linked to the record."""
    account = an_account(session, Role.PATIENT, name=f"{patient.given} {patient.family}")
    relate(session, account, patient, relationship, **facts)
    return account


def relate(
    session: Session,
    account: Account,
    patient: Patient,
    relationship: Relationship,
    **facts: Any,
) -> RelatedPerson:
    row = RelatedPerson(
        account_id=account.id,
        patient_id=patient.id,
        relationship_kind=relationship,
        **{"started_at": NOW, **facts},
    )
    return added(session, row)
