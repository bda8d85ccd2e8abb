"""The rows that an actor may see are exactly those that the access table allows."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, Deed, Relation, Role, relations
from portal.errors import NotFound
from portal.models import Appointment, DocumentReference, Location, Patient
from portal.reach import scope
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, Relationship, Scan
from tests.builders import (
    NOW,
    a_clinician,
    a_document,
    a_location,
    a_patient,
    a_practitioner,
    a_slot,
    actor_of,
    an_account,
    an_account_of,
    an_appointment,
    context_for,
    relate,
)

HOSPITAL = Hospital()
DAY = timedelta(days=1)
LONG_AGO = NOW - DAY * (HOSPITAL.care_team_days_before + 1)
FAR_AHEAD = NOW + DAY * (HOSPITAL.care_team_days_after + 1)

THEIR_OWN = {"oneself", "a child"}
THEIR_PATIENTS = {"met here", "met elsewhere", "seen by a colleague here"}
EVERYBODY = (
    THEIR_OWN
    | THEIR_PATIENTS
    | {"no longer a child", "cared for until yesterday", "long ago", "far ahead", "cancelled"}
    | {"a stranger"}
)
OF_RELATION = {
    Relation.ANYONE: EVERYBODY,
    Relation.THEIR_OWN: THEIR_OWN,
    Relation.THEIR_PATIENTS: THEIR_PATIENTS,
    Relation.THEIR_CLINIC: set(),
}


@dataclass
class World:
    actors: dict[Role, Actor]


@pytest.fixture
def world(session: Session) -> World:
    """One patient for each relation to an actor. The given name is the relation."""
    here, elsewhere = a_location(session, name="Here"), a_location(session, name="Elsewhere")
    patients = {name: a_patient(session, given=name) for name in EVERYBODY}
    parent = an_account_of(session, patients["oneself"])
    relate(session, parent, patients["a child"], Relationship.PARENT)
    relate(session, parent, patients["cared for until yesterday"], Relationship.CARER, ended_at=NOW)
    relate(
        session,
        parent,
        patients["no longer a child"],
        Relationship.PARENT,
        ends_on=HOSPITAL.today(NOW),
    )
    doctor, practitioner = a_clinician(session, Role.DOCTOR, [here])
    nurse, _ = a_clinician(session, Role.NURSE, [here])
    colleague, stranger = a_practitioner(session, [here]), a_practitioner(session, [elsewhere])
    for name, who, where, when in (
        ("met here", practitioner, here, NOW + DAY),
        ("met elsewhere", practitioner, elsewhere, NOW + 2 * DAY),
        ("seen by a colleague here", colleague, here, NOW - DAY),
        ("long ago", practitioner, here, LONG_AGO),
        ("far ahead", practitioner, here, FAR_AHEAD),
        ("a stranger", stranger, elsewhere, NOW + DAY),
    ):
        slot = a_slot(session, who, where, starts_at=when)
        an_appointment(session, patients[name], slot)
    an_appointment(
        session,
        patients["cancelled"],
        a_slot(session, practitioner, here, starts_at=NOW + 3 * DAY),
        status=AppointmentStatus.CANCELLED,
    )
    accounts = {role: an_account(session, role) for role in (Role.RECEPTION, Role.ADMINISTRATOR)}
    accounts |= {Role.PATIENT: parent, Role.DOCTOR: doctor, Role.NURSE: nurse}
    return World({role: actor_of(account) for role, account in accounts.items()})


def promised(by: Actor, deed: Deed) -> set[str]:
    """The patients that the table allows for a role. A nurse has no appointments."""
    names: set[str] = set()
    for relation in relations(by, deed):
        names |= OF_RELATION[relation]
    return names - {"met elsewhere"} if Role.NURSE in by.roles else names


DEEDS_TO_PATIENTS = [
    deed
    for deed in Deed
    if set(deed.who.values()) & {Relation.THEIR_PATIENTS}
    or deed.value.endswith(("patient", "proxies"))
]


@pytest.mark.parametrize("deed", DEEDS_TO_PATIENTS, ids=lambda deed: deed.value)
def test_the_patients_of_a_role_are_those_of_its_relation(
    session: Session, world: World, deed: Deed
) -> None:
    for by in world.actors.values():
        found = session.scalars(
            select(Patient.given).where(scope.patients(relations(by, deed))),
            scope.parameters(by, HOSPITAL, NOW),
        )
        assert set(found) == promised(by, deed), by.roles


@pytest.mark.parametrize("deed", DEEDS_TO_PATIENTS, ids=lambda deed: deed.value)
def test_the_look_up_finds_the_same_patients_and_hides_the_others(
    session: Session, world: World, deed: Deed
) -> None:
    patients = session.execute(select(Patient.given, Patient.ref)).all()
    for by in world.actors.values():
        if not relations(by, deed):
            continue
        found = set()
        for name, ref in patients:
            try:
                context_for(session, by).find_patient(deed, ref)
                found.add(name)
            except NotFound:
                pass
        assert found == promised(by, deed), by.roles


def test_appointments_follow_their_patient_or_their_clinic(session: Session, world: World) -> None:
    here = {"met here", "seen by a colleague here", "long ago", "far ahead", "cancelled"}
    expected = {
        (Role.PATIENT, Relation.THEIR_OWN): set(),
        (Role.DOCTOR, Relation.THEIR_PATIENTS): THEIR_PATIENTS,
        (Role.DOCTOR, Relation.THEIR_CLINIC): here | {"met elsewhere"},
        (Role.NURSE, Relation.THEIR_CLINIC): here,
        (Role.RECEPTION, Relation.ANYONE): here | {"met elsewhere", "a stranger"},
    }
    for (role, relation), names in expected.items():
        found = session.scalars(
            select(Patient.given)
            .join(Appointment, Appointment.patient_id == Patient.id)
            .where(scope.appointments(frozenset({relation}))),
            scope.parameters(world.actors[role], HOSPITAL, NOW),
        )
        assert set(found) == names, (role, relation)


def test_documents_follow_their_patient_and_rejected_ones_their_sender(
    session: Session, world: World
) -> None:
    mother = world.actors[Role.PATIENT]
    for patient in session.scalars(select(Patient)).all():
        a_document(session, patient, title=patient.given)
        rejected = {"scan": Scan.REJECTED, "title": f"{patient.given} rejected"}
        a_document(session, patient, added_by_id=mother.account_id, **rejected)
    for role, by in world.actors.items():
        found = set(
            session.scalars(
                select(DocumentReference.title).where(
                    scope.documents(relations(by, Deed.SEE_DOCUMENTS))
                ),
                scope.parameters(by, HOSPITAL, NOW),
            )
        )
        expected = promised(by, Deed.SEE_DOCUMENTS)
        own = {f"{name} rejected" for name in expected if role is Role.PATIENT}
        assert found == expected | own, role


def test_clinics_are_those_in_which_one_works(session: Session, world: World) -> None:
    for role, names in {
        Role.PATIENT: set(),
        Role.DOCTOR: {"Here"},
        Role.NURSE: {"Here"},
        Role.RECEPTION: {"Here", "Elsewhere"},
        Role.ADMINISTRATOR: set(),
    }.items():
        by = world.actors[role]
        found = session.scalars(
            select(Location.name).where(scope.locations(relations(by, Deed.SEE_DAY_LIST))),
            scope.parameters(by, HOSPITAL, NOW),
        )
        assert set(found) == names, role
