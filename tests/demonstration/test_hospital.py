"""The demonstration hospital holds together on whatever day it is started."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import StaticPool, create_engine, func, select
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.demonstration import hospital as demonstration
from portal.demonstration.calendar import PAST
from portal.models import (
    Account,
    Appointment,
    AppointmentStatus,
    Base,
    Encounter,
    Patient,
    Practitioner,
    RelatedPerson,
    Slot,
    SlotStatus,
)
from portal.models.lookup import find_patient
from portal.signin.development_cognito.people import (
    AMINA_OKAFOR,
    CALLUM_FRASER,
    LEILA_HADDAD,
    PRIYA_RAMAN,
    NamedPerson,
)
from tests.hospital import actor_of
from tests.settings import settings_for

SETTINGS = settings_for("sqlite://")
HOSPITAL = SETTINGS.hospital
DAYS = (
    datetime(2026, 11, 23, 10, 30, tzinfo=UTC),
    datetime(2026, 3, 28, 23, 30, tzinfo=UTC),  # a Saturday night before the clocks change
    datetime(2028, 2, 29, 4, 0, tzinfo=UTC),
)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def now(request: pytest.FixtureRequest) -> datetime:
    return request.param


@pytest.fixture(scope="module")
def session(now: datetime) -> Iterator[Session]:
    """The hospital as `make run` loads it at that moment; the tests only read it."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        demonstration.load(session, SETTINGS, now)
        yield session
    engine.dispose()


def test_there_is_a_clinic_today_for_the_doctor(session: Session, now: datetime) -> None:
    first, after = HOSPITAL.day(HOSPITAL.today(now))
    statement = (
        select(func.count())
        .select_from(Appointment)
        .join(Appointment.practitioner)
        .where(
            Practitioner.family == PRIYA_RAMAN.family_name,
            Appointment.starts_at >= first,
            Appointment.starts_at < after,
        )
    )
    assert session.scalars(statement).one() >= 5


def test_nothing_contradicts_the_hour(session: Session, now: datetime) -> None:
    met = set(session.scalars(select(Encounter.appointment_id)))
    for row in session.scalars(select(Appointment)):
        over, begun = row.ends_at <= now, row.starts_at <= now
        assert now - PAST <= row.starts_at
        assert (row.id in met) == (
            row.status is AppointmentStatus.FULFILLED
            or (row.status is AppointmentStatus.ARRIVED and begun)
        )
        if row.status in (AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW):
            assert over
        elif row.status in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED):
            assert not over


def test_a_slot_is_busy_when_somebody_has_it(session: Session, now: datetime) -> None:
    busy = set(session.scalars(select(Slot.id).where(Slot.status == SlotStatus.BUSY)))
    given_up = Appointment.status == AppointmentStatus.CANCELLED
    taken = set(session.scalars(select(Appointment.slot_id).where(~given_up)))
    assert busy == taken


def account(session: Session, person: NamedPerson) -> Account:
    return session.scalars(select(Account).where(Account.subject == person.sub)).one()


@pytest.mark.parametrize(
    ("person", "acts_for"),
    [
        (AMINA_OKAFOR, {"Amina Okafor"}),
        (LEILA_HADDAD, {"Leila Haddad", "Sami Haddad"}),
        (CALLUM_FRASER, set()),
    ],
    ids=lambda value: getattr(value, "given_name", ""),
)
def test_the_named_people_act_for_whom_they_should(
    session: Session, now: datetime, person: NamedPerson, acts_for: set[str]
) -> None:
    by = actor_of(account(session, person))
    found = set()
    for ref in session.scalars(
        select(Patient.ref).join(RelatedPerson).where(RelatedPerson.account_id == by.account_id)
    ):
        subject = find_patient(
            session, by=by, deed=Deed.SEE_PATIENT, ref=ref, hospital=HOSPITAL, now=now
        )
        found.add(subject.name)
        first, _ = HOSPITAL.day(HOSPITAL.today(now))
        still = Appointment.patient_id == subject.id, Appointment.starts_at >= first
        assert session.scalars(select(Appointment).where(*still)).one()
    assert found == acts_for
