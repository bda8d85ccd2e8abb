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
from portal.errors import Conflict, Forbidden, NotFound
from portal.hospital import Hospital
from portal.models import Patient, PatientSearchTerm, Relationship
from portal.patients import actions, rules
from tests.hospital import NOW, a_patient, actor_of, an_account, an_account_of
from tests.patients.people import audited, contact, demographics, findable

HOSPITAL = Hospital()
SETTING: dict[str, Any] = {"hospital": HOSPITAL, "now": NOW}


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
    patient = actions.register(session, by=reception, facts=demographics(), now=NOW)

    assert rules.is_hospital_number(patient.hospital_number)
    assert (patient.given, patient.version) == ("Amina", 1)
    assert {"amina", "okafor", f"#{patient.hospital_number}"} < terms_of(session, patient)
    (entry,) = audited(session)
    assert (entry.deed, entry.patient_ref) == ("register patient", patient.ref)


def test_without_its_audit_entry_nobody_is_registered(
    session: Session, reception: Actor, broken_audit: None
) -> None:
    with pytest.raises(OperationalError), session.begin_nested():
        actions.register(session, by=reception, facts=demographics(), now=NOW)

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
                session, by=actor_of(an_account(session, role)), facts=demographics(), now=NOW
            )


def change(session: Session, by: Actor, patient: Patient, version: int = 1, **facts: Any) -> None:
    actions.change_patient(
        session, by=by, ref=patient.ref, version=version, facts=demographics(**facts), **SETTING
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


def test_who_saw_an_older_version_is_told(session: Session, reception: Actor) -> None:
    patient = findable(session)
    change(session, reception, patient, family="Bell")
    with pytest.raises(Conflict, match="Somebody else"):
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
def test_patients_and_who_acts_for_them_change_how_they_are_reached(
    session: Session, kind: Relationship
) -> None:
    patient = findable(session)
    by = actor_of(an_account_of(session, patient, kind))
    actions.change_contact(
        session, by=by, ref=patient.ref, version=1, contact=contact(language="pl"), **SETTING
    )

    session.refresh(patient)
    assert (patient.language, patient.phone, patient.given) == ("pl", None, "Amina")


def test_nobody_changes_how_others_are_reached(session: Session) -> None:
    patient = findable(session)
    stranger = actor_of(an_account_of(session, a_patient(session)))
    with pytest.raises(NotFound):
        actions.change_contact(
            session, by=stranger, ref=patient.ref, version=1, contact=contact(), **SETTING
        )


def test_of_two_clerks_who_save_at_once_one_is_told(database: Session, engine: Engine) -> None:
    clerk = actor_of(an_account(database, Role.RECEPTION))
    patient = findable(database)
    database.commit()
    start = Barrier(2)

    def save(family: str) -> str:
        with Session(engine, autoflush=False) as session:
            start.wait()
            try:
                change(session, clerk, patient, family=family)
            except Conflict:
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
