"""Who is in the hospital when a drill begins: clinics with free times, patients, reception.

Almost everybody is signed in already, as on an ordinary morning. Newcomers really sign in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Location, Patient, Practitioner, Slot
from portal.patients.search.terms import write_search_terms
from portal.settings.hospital import Hospital
from tests.bench.signed_in import Browser, sign_in
from tests.builders import (
    a_location,
    a_patient,
    a_practitioner,
    an_account,
    an_account_of,
    an_appointment,
)
from tests.drill.naming import a_newcomer, letters
from tests.drill.papers import hand_in

PATIENTS, RECEPTIONISTS, NEWCOMERS = 600, 150, 40
"""Enough people for the longest fault, in which everybody waits and new people keep coming."""
CLINICS, DOCTORS_OF_A_CLINIC = 4, 3
A_DAYS_TIMES, MINUTES = 18, 20
WANTED = 80
"""Slots that several patients want at once."""
TO_CHECK_IN, WITH_PAPERS = 160, 50


@dataclass(frozen=True)
class Person:
    """A person with a browser. Newcomers start with only a `subject` at the identity provider."""

    account_ref: str
    browser: Browser | None = None
    patient_ref: str = ""
    name: str = ""
    """A patient's family name, or a newcomer's full name."""
    subject: str = ""


@dataclass(frozen=True)
class Population:
    """All people, and what they will do. References are those of the portal."""

    patients: Sequence[Person]
    desks: Sequence[Person]
    newcomers: Sequence[Person]
    cognito_accounts: Sequence[dict[str, Any]]
    clinics: Sequence[str]
    """Clinics with free times in the next days."""
    wanted: Sequence[str]
    """Free slots that many want at once."""
    papers: Sequence[tuple[Person, str, str]]
    """Patients with the reference of a document that they may fetch, and its SHA-256."""
    booked: Sequence[tuple[Person, str, str]]
    """Patients with an appointment that they may move or cancel, and its slot."""
    expected_today: Sequence[tuple[str, str]]
    """Appointments to be checked in, each with the address of its list."""


def populate(session: Session, app: Flask, files: Path) -> Population:
    """Writes all people to an empty, migrated database, and their documents to `files`. Commits."""
    hospital: Hospital = app.extensions["settings"].hospital
    today = hospital.today(datetime.now(UTC))
    patients = [_patient(session, number) for number in range(PATIENTS)]
    write_search_terms(session, patients)
    people, desks = _everybody(session, app, patients)
    clinics, free = _clinics(session, today, hospital)
    booked = [
        (person, an_appointment(session, patient, slot).ref, slot.ref)
        for person, patient, slot in zip(people, patients, free[::9], strict=False)
    ]
    papers = hand_in(session, patients[:WITH_PAPERS], files)
    newcomers = [a_newcomer(number) for number in range(NEWCOMERS)]
    found = Population(
        patients=people,
        desks=desks,
        newcomers=[
            Person("", subject=account.sub, name=account.attributes["name"])
            for account in newcomers
        ],
        cognito_accounts=[asdict(account) for account in newcomers],
        clinics=[clinic.ref for clinic in clinics],
        wanted=_wanted(session, today, hospital),
        papers=[(people[one.of_patient], one.ref, one.sha256) for one in papers],
        booked=booked,
        expected_today=_today(session, patients, today, hospital),
    )
    session.commit()
    return found


def _everybody(
    session: Session, app: Flask, patients: Sequence[Patient]
) -> tuple[list[Person], list[Person]]:
    """Patients and reception, signed in."""
    accounts = [an_account_of(session, patient) for patient in patients]
    desks = [an_account(session, Role.RECEPTION) for _ in range(RECEPTIONISTS)]
    browsers = sign_in(app, session, [account.id for account in (*accounts, *desks)])
    people = [
        Person(account.ref, browsers[account.id], patient.ref, patient.family)
        for account, patient in zip(accounts, patients, strict=True)
    ]
    return people, [Person(account.ref, browsers[account.id]) for account in desks]


def _clinics(
    session: Session, today: date, hospital: Hospital
) -> tuple[list[Location], list[Slot]]:
    """Clinics and their free times in the next days."""
    clinics = [a_location(session, name=f"Clinic {name}") for name in "NESW"[:CLINICS]]
    doctors = [
        a_practitioner(session, [one]) for one in clinics for _ in range(DOCTORS_OF_A_CLINIC)
    ]
    days = range(3, 12)
    return clinics, _slots(session, doctors, clinics, today, days=days, hospital=hospital)


def _patient(session: Session, number: int) -> Patient:
    born = date(1940, 1, 1) + timedelta(days=31 * number)
    row: Patient = a_patient(
        session, family=f"Person{letters(number)}", given="Alex", birth_date=born, phone=None
    )
    return row


def _slots(
    session: Session,
    doctors: Sequence[Practitioner],
    clinics: Sequence[Location],
    today: date,
    *,
    days: range,
    hospital: Hospital,
) -> list[Slot]:
    rows = [
        _slot(doctor, clinics[number // DOCTORS_OF_A_CLINIC], starts_at)
        for number, doctor in enumerate(doctors)
        for day in days
        for starts_at in _times(hospital, today + timedelta(days=day))
    ]
    session.add_all(rows)
    session.flush()
    return rows


def _slot(doctor: Practitioner, clinic: Location, starts_at: datetime) -> Slot:
    return Slot(
        practitioner_id=doctor.id,
        location_id=clinic.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=MINUTES),
        mode="in-person",
    )


def _times(hospital: Hospital, day: date) -> Iterator[datetime]:
    first = hospital.instant(day, time(8))
    return (first + number * timedelta(minutes=MINUTES) for number in range(A_DAYS_TIMES))


def _wanted(session: Session, today: date, hospital: Hospital) -> list[str]:
    """These are on the days after all other slots, so that nobody has another appointment then."""
    clinic = a_location(session, name="Clinic that everybody wants")
    doctor = a_practitioner(session, [clinic])
    days = range(14, 14 + WANTED // A_DAYS_TIMES + 1)
    slots = _slots(session, [doctor], [clinic], today, days=days, hospital=hospital)
    return [slot.ref for slot in slots[:WANTED]]


def _today(
    session: Session, patients: Sequence[Patient], today: date, hospital: Hospital
) -> list[tuple[str, str]]:
    clinic = a_location(session, name="Clinic today")
    expected = []
    for first in range(0, TO_CHECK_IN, A_DAYS_TIMES):
        doctor = a_practitioner(session, [clinic])
        day_list = f"/clinics/{clinic.ref}/day?practitioner={doctor.ref}"
        slots = _slots(session, [doctor], [clinic], today, days=range(1), hospital=hospital)
        expected += [
            (day_list, an_appointment(session, patient, slot).ref)
            for patient, slot in zip(patients[first:], slots, strict=False)
        ]
    return expected
