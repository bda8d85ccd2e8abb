"""Fills a database with a hospital for measurements: always the same for the same seed and day."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from random import Random

import pymysql
from sqlalchemy import make_url

from portal.access import Deed, Role
from portal.models import Appointment
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, EncounterStatus, NoticeState, Occasion
from tests.bench import people
from tests.bench.calendar import SLOT, Calendar, Visit
from tests.bench.loading import Row, load
from tests.bench.people import Person, ref
from tests.bench.size import Size

SEED = 20_260

APPOINTMENT = (
    *("id", "ref", "patient_id", "slot_id", "practitioner_id", "location_id", "starts_at"),
    *("ends_at", "mode", "status", "reason", "sequence", "created_at", "updated_at"),
)
ENCOUNTER = (
    *("ref", "patient_id", "practitioner_id", "location_id", "appointment_id", "status"),
    *("class_code", "type_text", "reason_text", "started_at", "ended_at"),
)
AUDIT_EVENT = "at", "actor_ref", "actor_name", "actor_roles", "deed", "entity", "patient_ref"
NOTICE = (
    *("ref", "appointment_id", "occasion", "sequence", "state", "due_at", "attempts"),
    "created_at",
)


def fill(url: str, size: Size, hospital: Hospital) -> None:
    """Loads everything into the migrated, empty database at `url`, and counts its keys."""
    address = make_url(url)
    connection = pymysql.connect(
        host=address.host,
        port=address.port or 3306,
        user=address.username,
        password=address.password or "",
        database=address.database,
        charset="utf8mb4",
    )
    now = datetime.now(UTC)
    random = Random(SEED)
    with connection:
        everybody = list(people.patients(size, random, now))
        calendar = Calendar(size, SEED, hospital.today(now), hospital)
        for table, columns, rows, total in chain(
            _people(size, everybody, random, now), _time(calendar, everybody, random)
        ):
            load(connection, table, columns, rows, total)
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE TABLE patient, patient_search_term, account, related_person, slot,"
                " appointment, encounter, audit_event, notice"
            )


Part = tuple[str, tuple[str, ...], Iterable[Row], int]


def _people(size: Size, everybody: list[Person], random: Random, now: datetime) -> Iterator[Part]:
    yield "location", people.LOCATION, people.locations(size, random), size.clinics
    doctors = people.practitioners(size, random)
    yield "practitioner", people.PRACTITIONER, doctors, size.practitioners
    roles = people.practitioner_roles(size)
    yield "practitioner_role", people.PRACTITIONER_ROLE, roles, size.practitioners
    yield "patient", Person._fields, everybody, size.patients
    terms = people.search_terms(everybody)
    yield "patient_search_term", people.SEARCH_TERM, terms, 5 * size.patients
    accounts = people.accounts(size, everybody, random, now)
    yield "account", people.ACCOUNT, accounts, size.patients
    related = people.related_people(size, everybody, random, now)
    yield "related_person", people.RELATED_PERSON, related, size.patients


def _time(calendar: Calendar, everybody: list[Person], random: Random) -> Iterator[Part]:
    size = calendar.size
    yield "slot", SLOT, calendar.slots(), size.slots
    yield "appointment", APPOINTMENT, _appointments(calendar.visits()), size.appointments
    encounters = _encounters(calendar.visits(), random)
    yield "encounter", ENCOUNTER, encounters, size.appointments
    audit = _audit_events(calendar.visits(), everybody)
    yield "audit_event", AUDIT_EVENT, audit, size.appointments
    notices = _notices(calendar.visits(), random)
    yield "notice", NOTICE, notices, 2 * size.appointments


def _appointments(visits: Iterator[Visit]) -> Iterator[Row]:
    for visit in visits:
        yield (
            *(visit.id, visit.ref, visit.patient_id, visit.slot_id, visit.practitioner_id),
            *(visit.location_id, visit.starts_at, visit.ends_at, "in-person", visit.status.value),
            *("Review", 0, visit.created_at, visit.created_at),
        )


def _encounters(visits: Iterator[Visit], random: Random) -> Iterator[Row]:
    for visit in visits:
        if visit.status is AppointmentStatus.FULFILLED:
            yield (
                *(ref(random), visit.patient_id, visit.practitioner_id, visit.location_id),
                *(visit.id, EncounterStatus.FINISHED.value, "AMB", "Consultation", "Review"),
                *(visit.starts_at, visit.ends_at),
            )


def _audit_events(visits: Iterator[Visit], everybody: list[Person]) -> Iterator[Row]:
    for visit in visits:
        patient = everybody[visit.patient_id - 1]
        yield (
            *(visit.created_at, f"{visit.patient_id:020}", f"{patient.given} {patient.family}"),
            *(Role.PATIENT.value, Deed.BOOK_APPOINTMENT.value, Appointment.reference(visit.ref)),
            patient.ref,
        )


def _notices(visits: Iterator[Visit], random: Random) -> Iterator[Row]:
    sent, waiting = NoticeState.SENT.value, NoticeState.WAITING.value
    for visit in visits:
        reminded = waiting if visit.status is AppointmentStatus.BOOKED else sent
        for occasion, state, due in (
            (Occasion.BOOKED, sent, visit.created_at),
            (Occasion.REMINDER, reminded, visit.starts_at),
        ):
            yield (
                *(ref(random), visit.id, occasion.value, 0, state, due),
                *(1 if state == sent else 0, visit.created_at),
            )
