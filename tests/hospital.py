"""Builders of a small hospital for tests. Each adds to the session, flushes, and returns the row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.models import (
    Account,
    AdministrativeGender,
    Appointment,
    AppointmentStatus,
    DocumentReference,
    DocumentType,
    Location,
    LocationHours,
    Mode,
    Origin,
    Patient,
    Practitioner,
    PractitionerRole,
    RelatedPerson,
    Relationship,
    Scan,
    Schedule,
    Slot,
    SlotStatus,
    Thumbnail,
)
from portal.patients.rules import LOWEST_BASE, hospital_number

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
"""A Tuesday in winter time."""

_serial = count(1)
_slots_of: dict[int, Iterator[int]] = defaultdict(count)


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def unsaved_patient(**facts: Any) -> Patient:
    """A patient who has no hospital number yet and is in no session."""
    number = next(_serial)
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
    number = hospital_number(LOWEST_BASE + next(_serial))
    return _added(session, unsaved_patient(**{"hospital_number": number, **facts}))


def an_account(session: Session, *roles: Role, **facts: Any) -> Account:
    number = next(_serial)
    defaults = {
        "issuer": "http://127.0.0.1:8001/local_pool",
        "subject": f"subject-{number}",
        "name": f"Person {number}",
        "email": f"person{number}@example.org",
        "role_values": " ".join(role.value for role in roles),
        "created_at": NOW,
    }
    return _added(session, Account(**{**defaults, **facts}))


def an_account_of(
    session: Session,
    patient: Patient,
    relationship: Relationship = Relationship.ONESELF,
    **facts: Any,
) -> Account:
    """A patient's or a proxy's account, bound to the record."""
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
    return _added(session, row)


def a_location(session: Session, **facts: Any) -> Location:
    """A clinic, open from 8 to 18 on weekdays."""
    hours = [LocationHours(weekday=day, opens=time(8), closes=time(18)) for day in range(5)]
    defaults = {"name": f"Clinic {next(_serial)}", "phone": "01632 960 200", "hours": hours}
    return _added(session, Location(**{**defaults, **facts}))


def a_practitioner(
    session: Session, locations: Iterable[Location] = (), **facts: Any
) -> Practitioner:
    defaults = {"prefix": "Dr", "given": "Grace", "family": f"Lindqvist{next(_serial)}"}
    practitioner = _added(session, Practitioner(**{**defaults, **facts}))
    for location in locations:
        _added(
            session,
            PractitionerRole(practitioner_id=practitioner.id, location_id=location.id),
        )
    return practitioner


def a_clinician(
    session: Session, role: Role, locations: Iterable[Location] = ()
) -> tuple[Account, Practitioner]:
    """A doctor or nurse with an account."""
    practitioner = a_practitioner(session, locations)
    account = an_account(session, role, name=practitioner.name, practitioner_id=practitioner.id)
    return account, practitioner


def a_schedule(
    session: Session, practitioner: Practitioner, location: Location, **facts: Any
) -> Schedule:
    """Tuesdays from 9 to 12, twenty minutes each."""
    defaults = {
        "weekday": 1,
        "starts": time(9),
        "ends": time(12),
        "slot_minutes": 20,
        "mode": Mode.IN_PERSON,
        "valid_from": date(2026, 1, 1),
    }
    row = Schedule(
        practitioner_id=practitioner.id, location_id=location.id, **{**defaults, **facts}
    )
    return _added(session, row)


def a_slot(session: Session, practitioner: Practitioner, location: Location, **facts: Any) -> Slot:
    """A free slot of twenty minutes: the practitioner's next one from a day after `NOW`, unless told."""
    minutes = 20 * next(_slots_of[practitioner.id])
    starts_at = facts.pop("starts_at", NOW + timedelta(days=1, minutes=minutes))
    defaults = {"ends_at": starts_at + timedelta(minutes=20), "mode": Mode.IN_PERSON}
    row = Slot(
        practitioner_id=practitioner.id,
        location_id=location.id,
        starts_at=starts_at,
        **{**defaults, **facts},
    )
    return _added(session, row)


def an_appointment(session: Session, patient: Patient, slot: Slot, **facts: Any) -> Appointment:
    """A booked appointment in the slot, which becomes busy."""
    slot.status = SlotStatus.BUSY
    defaults = {"status": AppointmentStatus.BOOKED, "created_at": NOW, "updated_at": NOW}
    row = Appointment(
        patient_id=patient.id,
        slot_id=slot.id,
        practitioner_id=slot.practitioner_id,
        location_id=slot.location_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        mode=slot.mode,
        **{**defaults, **facts},
    )
    return _added(session, row)


def a_document(session: Session, patient: Patient, **facts: Any) -> DocumentReference:
    """A letter that was found clean. Its file is nowhere: see `tests/documents/files.py`."""
    number = next(_serial)
    defaults = {
        "type": DocumentType.LETTER,
        "title": f"Letter {number}",
        "created_at": NOW,
        "origin": Origin.PATIENT,
        "added_by_name": "Amina Okafor",
        "content_type": "application/pdf",
        "size": 1000 + number,
        "sha256": f"{number:064x}",
        "file_name": f"{number:032x}",
        "attachment_title": "letter.pdf",
        "scan": Scan.CLEAN,
        "scanned_at": NOW,
        "thumbnail": Thumbnail.NONE,
        "due_at": NOW,
        "checked_at": NOW,
    }
    return _added(session, DocumentReference(patient_id=patient.id, **{**defaults, **facts}))


def actor_of(account: Account) -> Actor:
    """The account as an actor, for tests of actions."""
    return Actor(
        account_id=account.id,
        ref=account.ref,
        name=account.name,
        roles=account.roles,
        practitioner_id=account.practitioner_id,
        session_ref="0" * 20,
    )
