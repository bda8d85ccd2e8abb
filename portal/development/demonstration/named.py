"""The records of the named people, and whom their accounts act for."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.development.cognito.people import AMINA_OKAFOR, CALLUM_FRASER, LEILA_HADDAD, NamedPerson
from portal.models import Account, Patient, RelatedPerson
from portal.patients.registration.rules import Demographics
from portal.settings.hospital import Hospital
from portal.vocabulary import AdministrativeGender, Relationship

CHILD_BORN_BEFORE = 6
"""Years: old enough for school, far from the birthday on which a parent's access ends."""
HOME = "14 Canal Walk, Ashcombe, AS2 4HT"
"""Where Leila Haddad and her son live."""


def _adult(person: NamedPerson, **facts: object) -> Demographics:
    return Demographics(
        given=person.given_name,
        family=person.family_name,
        email=person.email,
        **facts,  # type: ignore[arg-type]
    )


def _registered_twice(phone: str | None, address: str) -> Demographics:
    """One person with two records, for reception to merge."""
    return Demographics(
        given="Margaret" if phone else "Maggie",
        family="Whitfield",
        birth_date=date(1948, 1, 30),
        gender=AdministrativeGender.FEMALE,
        phone=phone,
        address=address,
        emergency_name="Joan Whitfield",
        emergency_relationship="Daughter",
        emergency_phone="07700 900108",
    )


_ADULTS = {
    "Amina": _adult(
        AMINA_OKAFOR,
        birth_date=date(1984, 3, 27),
        gender=AdministrativeGender.FEMALE,
        phone="07700 900101",
        address="3 Orchard Close, Ashcombe, AS4 1DB",
        emergency_name="Chidi Okafor",
        emergency_relationship="Husband",
        emergency_phone="07700 900102",
    ),
    "Leila": _adult(
        LEILA_HADDAD,
        birth_date=date(1990, 11, 8),
        gender=AdministrativeGender.FEMALE,
        phone="07700 900103",
        address=HOME,
        language="ar",
        emergency_name="Karim Haddad",
        emergency_relationship="Brother",
        emergency_phone="07700 900104",
    ),
    "Callum": _adult(
        CALLUM_FRASER,
        birth_date=date(1997, 6, 2),
        gender=AdministrativeGender.MALE,
        phone="07700 900105",
        address="88 Station Road, Ashcombe, AS1 7JJ",
        emergency_name="Isla Fraser",
        emergency_relationship="Sister",
        emergency_phone="07700 900106",
    ),
    "Margaret": _registered_twice("07700 900107", "5 Priory Road, Ashcombe, AS3 2BD"),
    "Margaret again": _registered_twice(None, "5 Priory Rd, Ashcombe"),
}


def facts_of_named_patients(today: date) -> dict[str, Demographics]:
    """Reception has registered Callum Fraser already; his account is not linked to it yet."""
    return {**_ADULTS, "Sami": _child(today)}


def _child(today: date) -> Demographics:
    return Demographics(
        given="Sami",
        family="Haddad",
        birth_date=date(today.year - CHILD_BORN_BEFORE, 5, 19),
        gender=AdministrativeGender.MALE,
        phone="07700 900103",
        address=HOME,
        emergency_name=LEILA_HADDAD.name,
        emergency_relationship="Mother",
        emergency_phone="07700 900103",
    )


def bind_accounts(
    session: Session,
    accounts: dict[str, Account],
    patients: dict[str, Patient],
    hospital: Hospital,
    now: datetime,
) -> None:
    """Amina acts for herself, Leila for herself and, until he is old enough, for her son."""
    born = patients["Sami"].birth_date
    grown_up = born.replace(year=born.year + hospital.child_proxy_ends_at_age)
    for person, patient, relationship, ends_on in (
        (AMINA_OKAFOR, "Amina", Relationship.ONESELF, None),
        (LEILA_HADDAD, "Leila", Relationship.ONESELF, None),
        (LEILA_HADDAD, "Sami", Relationship.PARENT, grown_up),
    ):
        session.add(
            RelatedPerson(
                account_id=accounts[person.sub].id,
                patient_id=patients[patient].id,
                relationship_kind=relationship,
                ends_on=ends_on,
                started_at=now,
            )
        )
    session.flush()
