"""Registering and changing patients: all of it with its audit entry, or none of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.errors import ChangedMeanwhile, Forbidden, NotFound
from portal.models import Patient, PatientSearchTerm
from portal.patients.registration import actions, rules
from portal.patients.registration.rules import Contact
from portal.seen import Seen
from portal.vocabulary import Relationship
from tests.builders import (
    a_patient,
    actor_of,
    an_account,
    an_account_of,
    audited,
    context_for,
    demographics,
    findable,
    seen,
)


@pytest.fixture
def reception(session: Session) -> Actor:
    return actor_of(an_account(session, Role.RECEPTION))


@pytest.fixture
def broken_audit(engine: Engine) -> Iterator[None]:
    """Nothing can be written into the audit trail."""

    def refuse(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("INSERT INTO audit_event"):
            raise OperationalError(statement, None, Exception("the audit trail is full"))

    event.listen(engine, "before_cursor_execute", refuse)
    yield
    event.remove(engine, "before_cursor_execute", refuse)


def terms_of(session: Session, patient: Patient) -> set[str]:
    column = PatientSearchTerm.term
    return set(session.scalars(select(column).where(PatientSearchTerm.patient_id == patient.id)))


def test_registering_gives_a_number_terms_and_an_entry(session: Session, reception: Actor) -> None:
    patient = actions.register(context_for(session, reception), demographics=demographics())

    assert rules.is_hospital_number(patient.hospital_number)
    assert (patient.given, patient.version) == ("Amina", 1)
    assert {"amina", "okafor", f"#{patient.hospital_number}"} < terms_of(session, patient)
    (entry,) = audited(session)
    assert (entry.deed, entry.patient_ref) == ("register patient", patient.ref)


def test_without_its_audit_entry_nobody_is_registered(
    session: Session, reception: Actor, broken_audit: None
) -> None:
    with pytest.raises(OperationalError), session.begin_nested():
        actions.register(context_for(session, reception), demographics=demographics())

    assert session.scalar(select(func.count()).select_from(Patient)) == 0
    assert session.scalar(select(func.count()).select_from(PatientSearchTerm)) == 0


def test_without_its_audit_entry_nothing_is_changed(
    session: Session, reception: Actor, broken_audit: None
) -> None:
    patient = findable(session)
    with pytest.raises(OperationalError), session.begin_nested():
        change(session, reception, patient, given="Grace")

    session.refresh(patient)
    assert (patient.given, patient.version) == ("Amina", 1)
    assert "grace" not in terms_of(session, patient)


def test_only_reception_registers(session: Session) -> None:
    for role in (Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            actions.register(
                context_for(session, actor_of(an_account(session, role))),
                demographics=demographics(),
            )


def change(session: Session, by: Actor, patient: Patient, version: int = 1, **facts: Any) -> None:
    actions.change_patient(
        context_for(session, by),
        patient=Seen(patient.ref, version),
        demographics=demographics(**facts),
    )


def test_a_change_is_searched_for_at_once_and_names_no_values(
    session: Session, reception: Actor
) -> None:
    patient = findable(session)
    change(session, reception, patient, family="Bell", phone=None)

    session.refresh(patient)
    assert (patient.family, patient.phone, patient.version) == ("Bell", None, 2)
    assert "bell" in terms_of(session, patient)
    assert "okafor" not in terms_of(session, patient)
    assert audited(session)[-1].detail == {"changed": ["email", "family", "phone"]}


def test_a_change_of_an_older_version_is_refused(session: Session, reception: Actor) -> None:
    patient = findable(session)
    change(session, reception, patient, family="Bell")
    with pytest.raises(ChangedMeanwhile):
        change(session, reception, patient, family="Smith")

    session.refresh(patient)
    assert patient.family == "Bell"


def test_saving_what_is_saved_already_is_no_conflict(session: Session, reception: Actor) -> None:
    patient = findable(session, email=None)
    change(session, reception, patient, family="Bell")
    change(session, reception, patient, family="Bell")

    session.refresh(patient)
    assert patient.version == 2


def test_a_record_merged_away_is_not_changed(session: Session, reception: Actor) -> None:
    merged = findable(session, merged_into_id=a_patient(session).id)
    with pytest.raises(NotFound):
        change(session, reception, merged, family="Bell")


@pytest.mark.parametrize("kind", [Relationship.ONESELF, Relationship.PARENT, Relationship.CARER])
def test_patients_and_their_proxies_change_contact_details(
    session: Session, kind: Relationship
) -> None:
    patient = findable(session)
    by = actor_of(an_account_of(session, patient, kind))
    actions.change_contact(
        context_for(session, by), patient=seen(patient), contact=Contact(language="pl")
    )

    session.refresh(patient)
    assert (patient.language, patient.phone, patient.given) == ("pl", None, "Amina")


def test_nobody_changes_the_contact_details_of_others(session: Session) -> None:
    patient = findable(session)
    stranger = actor_of(an_account_of(session, a_patient(session)))
    with pytest.raises(NotFound):
        actions.change_contact(
            context_for(session, stranger), patient=seen(patient), contact=Contact()
        )


def test_of_two_clerks_who_save_at_once_one_is_refused(database: Session, engine: Engine) -> None:
    clerk = actor_of(an_account(database, Role.RECEPTION))
    patient = findable(database)
    database.commit()
    start = Barrier(2)

    def save(family: str) -> str:
        with Session(engine, autoflush=False) as session:
            start.wait()
            try:
                change(session, clerk, patient, family=family)
            except ChangedMeanwhile:
                return "told"
            session.commit()
            return family

    with ThreadPoolExecutor(2) as clerks:
        outcomes = list(clerks.map(save, ["Bell", "Smith"]))

    database.expire_all()
    assert outcomes.count("told") == 1
    saved = database.get_one(Patient, patient.id)
    assert (saved.family in outcomes, saved.version) == (True, 2)
    assert saved.family.lower() in terms_of(database, saved)
