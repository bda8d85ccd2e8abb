"""Rows for the patients, staff, clinics and accounts of a measured hospital."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from portal.access import Role
from portal.patients.registration.rules import HIGHEST_BASE, LOWEST_BASE, hospital_number
from portal.patients.search import rules
from portal.vocabulary import Relationship
from tests.bench import names
from tests.bench.loading import Row
from tests.bench.size import PER_CLINIC, Size

ISSUER = "https://identity.example/measured"
RECEPTIONISTS = 40
OLDEST_DAYS = 95 * 365

LOCATION = "id", "ref", "name", "phone", "address", "active"
PRACTITIONER = "id", "ref", "prefix", "given", "family", "specialty", "active"
PRACTITIONER_ROLE = "practitioner_id", "location_id"
SEARCH_TERM = "term", "patient_id"
ACCOUNT = (
    *("id", "ref", "issuer", "subject", "name", "email", "role_values"),
    *("practitioner_id", "created_at"),
)
RELATED_PERSON = "id", "ref", "account_id", "patient_id", "relationship_kind", "started_at"


class Person(NamedTuple):
    """A patient's row by column name."""

    id: int
    ref: str
    hospital_number: str
    family: str
    given: str
    birth_date: date
    gender: str
    phone: str
    email: str
    address: str
    language: str
    version: int
    created_at: datetime
    updated_at: datetime

    def search_terms(self) -> frozenset[str]:
        return rules.search_terms(
            family=self.family,
            given=self.given,
            birth_date=self.birth_date,
            hospital_number=self.hospital_number,
            phone=self.phone,
        )


def ref(random: Random) -> str:
    return random.randbytes(10).hex()


def patients(size: Size, random: Random, now: datetime) -> Iterator[Person]:
    bases = range(LOWEST_BASE, HIGHEST_BASE + 1)
    for number, base in enumerate(random.sample(bases, size.patients), 1):
        gender = random.choice(("female", "male"))
        family = names.family(random)
        yield Person(
            number,
            ref(random),
            hospital_number(base),
            family,
            names.given(random, gender),
            now.date() - timedelta(days=random.randrange(OLDEST_DAYS)),
            gender,
            f"07700 {random.randrange(10**6):06}",
            f"person{number}@example.org",
            f"{random.randint(1, 140)} Mill Lane, Ashcombe, AS1 1AA",
            "en",
            1,
            now,
            now,
        )


def search_terms(people: list[Person]) -> Iterator[Row]:
    for person in people:
        for term in sorted(person.search_terms()):
            yield term, person.id


def locations(size: Size, random: Random) -> Iterator[Row]:
    for clinic in range(1, size.clinics + 1):
        phone = f"01632 960{clinic:03}"
        yield clinic, ref(random), f"{names.clinic(clinic)}", phone, "Level 2, east wing", 1


def practitioners(size: Size, random: Random) -> Iterator[Row]:
    for number in range(1, size.practitioners + 1):
        given = names.given(random, random.choice(("female", "male"))).split()[0]
        yield number, ref(random), "Dr", given, names.family(random), "General medicine", 1


def practitioner_roles(size: Size) -> Iterator[Row]:
    for number in range(1, size.practitioners + 1):
        yield number, clinic_of(number)


def clinic_of(practitioner_id: int) -> int:
    return (practitioner_id - 1) // PER_CLINIC + 1


def accounts(size: Size, people: list[Person], random: Random, now: datetime) -> Iterator[Row]:
    """Practitioners first (the last of each clinic is a nurse), then reception, then patients."""
    number = 0

    def row(name: str, role: Role, practitioner_id: int | None = None) -> Row:
        nonlocal number
        number += 1
        email = f"account{number}@example.org"
        subject = f"subject-{number}"
        return (
            *(number, ref(random), ISSUER, subject, name, email, role.value),
            *(practitioner_id, now),
        )

    for practitioner_id in range(1, size.practitioners + 1):
        role = Role.DOCTOR if practitioner_id % PER_CLINIC else Role.NURSE
        yield row(f"{role.title} {practitioner_id}", role, practitioner_id)
    for desk in range(1, RECEPTIONISTS + 1):
        yield row(f"Desk {desk}", Role.RECEPTION)
    for person in people:
        yield row(f"{person.given} {person.family}", Role.PATIENT)


def related_people(
    size: Size, people: list[Person], random: Random, now: datetime
) -> Iterator[Row]:
    """The rows that link patients to their accounts."""
    first = size.practitioners + RECEPTIONISTS + 1
    for number, person in enumerate(people):
        yield number + 1, ref(random), first + number, person.id, Relationship.ONESELF.value, now
