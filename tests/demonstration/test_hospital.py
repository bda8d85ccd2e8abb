"""The demonstration hospital holds together on whatever day and at whatever hour it is started."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.demonstration import hospital as demonstration
from portal.demonstration.calendar import PAST
from portal.models import (
    Account,
    Appointment,
    AppointmentStatus,
    AuditEvent,
    ExceptionKind,
    Location,
    Notice,
    Patient,
    Practitioner,
    RelatedPerson,
    ScheduleException,
    Slot,
)
from portal.models.lookup import find_patient
from portal.patients.account_codes import claim
from portal.schedules.rebooking import to_rebook
from portal.signin.development_cognito.people import (
    AMINA_OKAFOR,
    CALLUM_FRASER,
    LEILA_HADDAD,
    NAMED_PEOPLE,
    PRIYA_RAMAN,
    NamedPerson,
)
from tests.demonstration.stage import (
    HOSPITAL,
    SETTINGS,
    appointments_today,
    assert_each_slot_has_whom_it_says,
    assert_nothing_contradicts_the_hour,
    in_consultation,
    loaded,
)
from tests.hospital import actor_of

MONDAY_MORNING = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
DAYS = (
    MONDAY_MORNING,
    datetime(2026, 3, 28, 21, 30, tzinfo=UTC),  # a Saturday night before the clocks change
    datetime(2028, 2, 29, 4, 0, tzinfo=UTC),
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


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_is_as_large_as_a_hospital_that_one_can_get_to_know(session: Session) -> None:
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


def test_each_slot_has_whom_it_says(session: Session) -> None:
    assert_each_slot_has_whom_it_says(session)


def test_nobody_is_booked_twice_on_one_day(session: Session) -> None:
    booked = Counter(
        (row.patient_id, HOSPITAL.local(row.starts_at).date())
        for row in session.scalars(select(Appointment))
    )

    assert [pair for pair, times in booked.items() if times > 1] == []


def test_one_patient_is_put_beside_another_on_purpose(session: Session, now: datetime) -> None:
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
    """And the notice of the overbooked appointment, which was made just now."""
    states = Counter(session.scalars(select(Notice.state)))
    due = session.scalars(
        select(Notice).where(Notice.state == Notice.State.WAITING, Notice.due_at <= now)
    ).all()

    assert states[Notice.State.SENT] > 100
    assert states[Notice.State.WAITING] > 100
    assert states[Notice.State.FAILED] == 1
    assert [notice.occasion for notice in due] == [Notice.Occasion.BOOKED]


def test_a_past_appointment_left_its_trail(session: Session, now: datetime) -> None:
    amina = session.scalars(select(Patient).where(Patient.given == AMINA_OKAFOR.given_name)).one()
    trail = session.execute(
        select(AuditEvent.deed, AuditEvent.actor_name, AuditEvent.at)
        .where(AuditEvent.patient_ref == amina.ref)
        .order_by(AuditEvent.at)
    ).all()

    assert [row.deed for row in trail].count(Deed.BOOK_APPOINTMENT.value) == 3
    assert Deed.REGISTER_PATIENT.value in {row.deed for row in trail}
    assert {row.actor_name for row in trail} == {"Siân Davies", "Dr Priya Raman"}
    assert all(row.at <= now for row in trail)


def account(session: Session, person: NamedPerson) -> Account:
    return session.scalars(select(Account).where(Account.subject == person.sub)).one()


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
        ahead = Appointment.starts_at > now, Appointment.status == AppointmentStatus.BOOKED
        assert session.scalars(
            select(Appointment).where(Appointment.patient_id == subject.id, *ahead)
        ).one()
    assert found == acts_for


def test_every_phone_number_and_address_is_one_that_nobody_has(session: Session) -> None:
    for row in session.scalars(select(Patient)):
        for phone in (row.phone, row.emergency_phone):
            assert phone is None or phone.startswith(("07700 900", "01632 960"))
        assert row.email is None or row.email.endswith("@example.org")


def test_the_same_people_are_there_each_time() -> None:
    names = []
    for _ in range(2):
        with loaded(MONDAY_MORNING) as session:
            everybody = select(Patient.family, Patient.given, Patient.birth_date)
            names.append(session.execute(everybody.order_by(Patient.id)).all())

    assert names[0] == names[1]


@pytest.mark.parametrize("days", [1, 5, 40], ids="{} days later".format)
def test_on_a_later_day_it_goes_on(days: int) -> None:
    later = MONDAY_MORNING + timedelta(days=days)
    with loaded(MONDAY_MORNING) as session:
        people = count(session, Patient)
        demonstration.go_on(session, SETTINGS, later)

        today = {row.status for row in appointments_today(session, later)}
        assert today >= {AppointmentStatus.BOOKED, AppointmentStatus.FULFILLED}
        assert_nothing_contradicts_the_hour(session, later)
        assert_each_slot_has_whom_it_says(session)
        assert count(session, Patient) == people


def test_named_people_can_sign_in_after_the_sign_in_moved_to_another_port() -> None:
    with loaded(MONDAY_MORNING) as session:
        demonstration.follow_sign_in(session, "http://127.0.0.1:8011/local_pool")

        assert set(session.scalars(select(Account.issuer))) == {"http://127.0.0.1:8011/local_pool"}


def test_the_code_that_is_told_binds_the_new_patients_account_once() -> None:
    with loaded(MONDAY_MORNING) as session:
        demonstration.hand_out_code(session, SETTINGS, MONDAY_MORNING)
        code = demonstration.hand_out_code(session, SETTINGS, MONDAY_MORNING)
        assert code is not None

        claim(
            session,
            by=actor_of(account(session, CALLUM_FRASER)),
            code=code,
            birth_date=date(1997, 6, 2),
            secret_key=SETTINGS.secret_key,
            hospital=HOSPITAL,
            now=MONDAY_MORNING,
        )

        assert demonstration.hand_out_code(session, SETTINGS, MONDAY_MORNING) is None
