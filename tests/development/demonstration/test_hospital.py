"""The demonstration hospital is consistent for any day and hour of its start."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.development.cognito.people import (
    AMINA_OKAFOR,
    CALLUM_FRASER,
    LEILA_HADDAD,
    NAMED_PEOPLE,
    PRIYA_RAMAN,
    NamedPerson,
)
from portal.development.demonstration.calendar import PAST
from portal.models import (
    Appointment,
    Encounter,
    Location,
    Notice,
    Patient,
    Practitioner,
    RelatedPerson,
    ScheduleException,
    Slot,
)
from portal.schedules.slots.taking_out import to_rebook
from portal.vocabulary import AppointmentStatus, ExceptionKind, NoticeState, Occasion
from tests.builders import actor_of, audited, context_for
from tests.development.demonstration.hospitals import MONDAY_MORNING, account, count
from tests.development.demonstration.stage import (
    HOSPITAL,
    SETTINGS,
    appointments_today,
    assert_each_slot_has_whom_it_says,
    assert_nothing_contradicts_the_hour,
    in_consultation,
    loaded,
)

DAYS = (
    MONDAY_MORNING,
    datetime(2026, 3, 28, 16, 10, tzinfo=UTC),  # a Saturday before the clocks change
    datetime(2028, 2, 29, 11, 0, tzinfo=UTC),
    datetime(2026, 12, 25, 12, 50, tzinfo=UTC),
)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def now(request: pytest.FixtureRequest) -> datetime:
    return request.param


@pytest.fixture(scope="module")
def session(now: datetime) -> Iterator[Session]:
    """The tests only read it."""
    with loaded(now) as session:
        yield session


def test_it_has_the_size_of_a_small_hospital(session: Session) -> None:
    assert count(session, Location) == 4
    assert count(session, Practitioner) == 12
    assert 300 <= count(session, Patient) <= 500
    assert 1000 <= count(session, Appointment) <= 3000


def test_the_day_shows_every_state(session: Session, now: datetime) -> None:
    today = appointments_today(session, now)

    assert {row.status for row in today} >= {
        AppointmentStatus.BOOKED,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.FULFILLED,
        AppointmentStatus.NOSHOW,
    }
    assert in_consultation(session) <= {row.id for row in today}


def test_the_doctor_has_a_clinic_that_runs_now(session: Session, now: datetime) -> None:
    mine = [
        row
        for row in appointments_today(session, now)
        if row.practitioner.family == PRIYA_RAMAN.family_name
    ]
    kept = [row for row in mine if row.overbook_reason is None]

    assert len([row for row in kept if row.id in in_consultation(session)]) == 1
    assert len([row for row in kept if row.status is AppointmentStatus.FULFILLED]) >= 2
    assert len([row for row in kept if row.starts_at > now]) >= 3


def test_nothing_contradicts_the_hour(session: Session, now: datetime) -> None:
    assert_nothing_contradicts_the_hour(session, now)
    assert session.scalars(select(func.min(Appointment.starts_at))).one() >= now - PAST


def test_each_slot_has_the_patients_that_its_status_says(session: Session) -> None:
    assert_each_slot_has_whom_it_says(session)


def test_nobody_is_booked_twice_on_one_day(session: Session) -> None:
    booked = Counter(
        (row.patient_id, HOSPITAL.local(row.starts_at).date())
        for row in session.scalars(select(Appointment))
    )

    assert [pair for pair, times in booked.items() if times > 1] == []


def test_one_time_is_overbooked_on_purpose(session: Session, now: datetime) -> None:
    extra = session.scalars(
        select(Appointment).where(Appointment.overbook_reason.is_not(None))
    ).one()

    assert extra.starts_at > now
    assert extra.practitioner.family == PRIYA_RAMAN.family_name


def test_leave_leaves_appointments_to_rebook(session: Session, now: datetime) -> None:
    waiting = to_rebook(session, now)

    assert len(waiting) >= 1
    assert {time.practitioner for time in waiting} == {"Dr Mateus Carvalho"}


def test_bank_holidays_ahead_are_closed_but_never_today(session: Session, now: datetime) -> None:
    closed = session.scalars(
        select(ScheduleException).where(ScheduleException.kind == ExceptionKind.CLOSURE)
    ).all()

    assert len(closed) >= 8
    assert min(row.starts_at for row in closed) > now
    for row in closed:
        within = Slot.starts_at >= row.starts_at, Slot.starts_at < row.ends_at
        assert session.scalars(select(Slot.id).where(*within)).all() == []


def test_only_what_is_due_later_waits_to_be_sent(session: Session, now: datetime) -> None:
    """Also recent events: an overbooked appointment, and leave that removed times."""
    states = Counter(session.scalars(select(Notice.state)))
    due = session.scalars(
        select(Notice).where(Notice.state == NoticeState.WAITING, Notice.due_at <= now)
    ).all()

    assert states[NoticeState.SENT] > 100
    assert states[NoticeState.WAITING] > 100
    assert states[NoticeState.FAILED] == 1
    occasions = Counter(notice.occasion for notice in due)
    assert occasions[Occasion.BOOKED] == 1
    assert set(occasions) <= {Occasion.BOOKED, Occasion.WITHDRAWN}


def test_a_past_appointment_has_its_audit_entries(session: Session, now: datetime) -> None:
    amina = session.scalars(select(Patient).where(Patient.given == AMINA_OKAFOR.given_name)).one()
    trail = audited(session, patient=amina.ref)

    assert [row.deed for row in trail].count(Deed.BOOK_APPOINTMENT.value) == 3
    assert Deed.REGISTER_PATIENT.value in {row.deed for row in trail}
    assert {row.actor_name for row in trail} == {"Siân Davies", "Dr Priya Raman"}
    assert all(row.at <= now for row in trail)


@pytest.mark.parametrize("person", NAMED_PEOPLE, ids=lambda person: person.given_name)
def test_everybody_who_can_sign_in_has_an_account(session: Session, person: NamedPerson) -> None:
    row = account(session, person)

    assert row.issuer == SETTINGS.sign_in.issuer
    assert {role.value for role in row.roles} == {person.group or "patient"}
    assert (row.practitioner_id is not None) == (person.group in ("doctor", "nurse"))


@pytest.mark.parametrize(
    ("person", "acts_for"),
    [
        (AMINA_OKAFOR, {"Amina Okafor"}),
        (LEILA_HADDAD, {"Leila Haddad", "Sami Haddad"}),
        (CALLUM_FRASER, set()),
    ],
    ids=lambda value: getattr(value, "given_name", ""),
)
def test_the_named_people_act_for_the_right_patients(
    session: Session, now: datetime, person: NamedPerson, acts_for: set[str]
) -> None:
    by = actor_of(account(session, person))
    found = set()
    for ref in session.scalars(
        select(Patient.ref).join(RelatedPerson).where(RelatedPerson.account_id == by.account_id)
    ):
        subject = context_for(session, by, now, HOSPITAL).find_patient(Deed.SEE_PATIENT, ref)
        found.add(subject.name)
        ahead = Appointment.starts_at > now, Appointment.status == AppointmentStatus.BOOKED
        assert session.scalars(
            select(Appointment).where(Appointment.patient_id == subject.id, *ahead)
        ).one()
    assert found == acts_for


def test_every_phone_number_and_address_is_reserved_for_examples(session: Session) -> None:
    for row in session.scalars(select(Patient)):
        for phone in (row.phone, row.emergency_phone):
            assert phone is None or phone.startswith(("07700 900", "01632 960"))
        assert row.email is None or row.email.endswith("@example.org")


def test_past_visits_have_a_type_a_reason_and_a_practitioner(session: Session) -> None:
    for visit in session.scalars(select(Encounter)):
        assert visit.type_text
        assert visit.reason_text
        assert visit.practitioner_id


def test_nobody_is_their_own_emergency_contact(session: Session) -> None:
    for row in session.scalars(select(Patient)):
        assert row.emergency_name != f"{row.given} {row.family}"
        assert row.emergency_relationship != "Wife or husband"
