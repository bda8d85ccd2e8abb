"""A death ends future appointments and stops all messages. Undoing it restores nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Deed, Role
from portal.appointments.booking import actions as booking
from portal.appointments.ending.rules import DIED
from portal.chart.death import actions, queries
from portal.context import Context
from portal.errors import ChangedMeanwhile, Forbidden, NotFound, Refused, Unfit
from portal.models import Account, Appointment, Notice, Patient, Slot
from portal.patients.merging.actions import merge
from portal.seen import Seen
from portal.seen import Seen as Compared
from portal.vocabulary import AppointmentStatus, NoticeState, Occasion, SlotStatus
from portal.web import current
from tests.appointments.pages import press
from tests.builders import (
    NOW,
    a_notice,
    a_patient,
    actor_of,
    an_account,
    an_account_of,
    an_appointment_of,
    audited,
    context_for,
)

Browse = Callable[[Account], FlaskClient]
DAY = NOW.date()


@pytest.fixture
def patient(session: Session) -> Patient:
    return a_patient(session)


@pytest.fixture
def reception(session: Session) -> Context:
    return context_for(session, actor_of(an_account(session, Role.RECEPTION)))


def mark(
    reception: Context, patient: Patient, ahead: int, day: date | None = DAY, version: int = 1
) -> int:
    seen = Seen(patient.ref, version)
    return actions.mark(reception, patient=seen, ahead=ahead, died_on=day)


def test_what_lies_ahead_ends_and_what_was_stays(
    session: Session, patient: Patient, reception: Context
) -> None:
    past = an_appointment_of(session, patient, starts_at=NOW - timedelta(days=7))
    here = an_appointment_of(
        session, patient, starts_at=NOW + timedelta(hours=1), status=AppointmentStatus.ARRIVED
    )
    soon, later = (
        an_appointment_of(session, patient, starts_at=NOW + timedelta(days=days)) for days in (1, 9)
    )
    other = an_appointment_of(session, a_patient(session))
    assert mark(reception, patient, 2) == 2

    session.expire_all()
    assert patient.deceased_on == DAY
    for one in (soon, later):
        assert (one.status, one.cancel_reason) == (AppointmentStatus.CANCELLED, DIED)
        assert session.get_one(Slot, one.slot_id).status is SlotStatus.FREE
    assert [one.status for one in (past, here, other)] == [
        AppointmentStatus.BOOKED,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.BOOKED,
    ]
    entries = audited(session, "mark as deceased")
    assert sorted(str(one.entity) for one in entries) == sorted(
        [*(Appointment.reference(one.ref) for one in (soon, later)), Patient.reference(patient.ref)]
    )


def test_no_message_goes_out_any_more(
    session: Session, patient: Patient, reception: Context
) -> None:
    appointment = an_appointment_of(session, patient)
    reminder = a_notice(session, appointment, Occasion.REMINDER)
    failed = a_notice(session, appointment, state=NoticeState.FAILED)
    sent = a_notice(session, appointment, Occasion.MOVED, state=NoticeState.SENT)
    another = a_notice(session)
    mark(reception, patient, 1)

    session.expire_all()
    states = [one.state for one in (reminder, failed, sent, another)]
    dropped = NoticeState.DROPPED
    assert states == [dropped, dropped, NoticeState.SENT, NoticeState.WAITING]
    assert session.query(Notice).filter(Notice.occasion == Occasion.CANCELLED).count() == 0


def test_nothing_is_booked_for_somebody_who_has_died(
    session: Session, patient: Patient, reception: Context
) -> None:
    appointment = an_appointment_of(session, patient)
    mark(reception, patient, 1)
    slot = session.get_one(Slot, appointment.slot_id)
    seen = Seen(slot.ref, slot.version)
    with pytest.raises(Refused, match="has died"):
        booking.hold(reception, patient_ref=patient.ref, slot_ref=slot.ref)
    with pytest.raises(Refused, match="has died"):
        booking.book(reception, patient_ref=patient.ref, slot=seen, about="")
    with pytest.raises(Refused, match="has died"):
        booking.overbook(reception, patient_ref=patient.ref, slot=seen, why="Urgent")


def test_taking_it_back_restores_nothing_and_lets_reception_book_again(
    session: Session, patient: Patient, reception: Context
) -> None:
    appointment = an_appointment_of(session, patient)
    reminder = a_notice(session, appointment, Occasion.REMINDER)
    mark(reception, patient, 1)
    actions.take_back(reception, patient=Seen(patient.ref, 2))

    session.expire_all()
    assert patient.deceased_on is None
    assert appointment.status is AppointmentStatus.CANCELLED
    assert reminder.state is NoticeState.DROPPED
    subject = reception.find_patient(Deed.MARK_DECEASED, patient.ref)
    ahead = queries.ahead_of(reception, subject)
    assert (ahead.booked, [one.ref for one in ahead.ended]) == ([], [appointment.ref])
    slot = session.get_one(Slot, appointment.slot_id)
    assert booking.book(
        reception, patient_ref=patient.ref, slot=Seen(slot.ref, slot.version), about=""
    )


@pytest.mark.parametrize(("ahead", "version"), [(0, 1), (1, 7)], ids=["booked since", "changed"])
def test_an_old_page_marks_nobody(
    session: Session, patient: Patient, reception: Context, ahead: int, version: int
) -> None:
    appointment = an_appointment_of(session, patient)
    with pytest.raises(ChangedMeanwhile), session.begin_nested():
        mark(reception, patient, ahead, version=version)
    session.expire_all()
    assert patient.deceased_on is None
    assert appointment.status is AppointmentStatus.BOOKED


@pytest.mark.parametrize(
    "day", [None, DAY + timedelta(days=1), date(1900, 1, 1)], ids=["none", "tomorrow", "unborn"]
)
def test_a_day_that_cannot_be_is_refused(
    patient: Patient, reception: Context, day: date | None
) -> None:
    with pytest.raises(Unfit) as fault:
        mark(reception, patient, 0, day)
    assert fault.value.field == "died_on"


def test_nobody_is_marked_twice_or_taken_back_twice(patient: Patient, reception: Context) -> None:
    mark(reception, patient, 0)
    with pytest.raises(ChangedMeanwhile):
        mark(reception, patient, 0, version=2)
    actions.take_back(reception, patient=Seen(patient.ref, 2))
    with pytest.raises(ChangedMeanwhile):
        actions.take_back(reception, patient=Seen(patient.ref, 3))


def test_patients_and_strangers_mark_nobody(session: Session, patient: Patient) -> None:
    own = context_for(session, actor_of(an_account_of(session, patient)))
    doctor = context_for(session, actor_of(an_account(session, Role.DOCTOR)))
    with pytest.raises(Forbidden):
        mark(own, patient, 0)
    with pytest.raises(NotFound):
        mark(doctor, patient, 0)


def test_a_record_of_somebody_who_died_is_not_merged_with_one_that_says_otherwise(
    session: Session, patient: Patient, reception: Context
) -> None:
    twin = a_patient(session)
    an_appointment_of(session, twin)
    mark(reception, patient, 0)
    kept, merged = Compared(patient.ref, 2), Compared(twin.ref, 1)
    with pytest.raises(Refused, match="has died"):
        merge(reception, kept=kept, merged=merged, reason="Same passport")


def test_the_page_asks_first_and_lists_what_ends(
    database: Session, sign_in: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "now", lambda: NOW)
    patient, reception = a_patient(database), an_account(database, Role.RECEPTION)
    appointment = an_appointment_of(database, patient)
    database.commit()
    browser = sign_in(reception)
    address = f"/patients/{patient.ref}/death"
    asked, old = browser.get(address), browser.get(address)
    assert "These appointments end" in asked.text
    assert appointment.ref in asked.text
    day = {f"died_on-{part}": str(getattr(DAY, part)) for part in ("day", "month", "year")}
    marked = press(browser, asked, "Mark as deceased", **day)
    listed = browser.get(marked.location)
    assert "1 appointment ended." in listed.text
    assert appointment.ref in listed.text
    assert press(browser, old, "Mark as deceased", **day).status_code == 409
    back = press(browser, listed, "Take it back: the patient lives")
    assert "No appointment was booked again." in browser.get(back.location).text


def test_a_slot_that_another_patient_shares_stays_theirs(
    session: Session, patient: Patient, reception: Context
) -> None:
    appointment = an_appointment_of(session, patient)
    slot = session.get_one(Slot, appointment.slot_id)
    other = a_patient(session)
    booking.overbook(
        reception, patient_ref=other.ref, slot=Seen(slot.ref, slot.version), why="Urgent"
    )
    mark(reception, patient, 1)
    session.expire_all()
    assert slot.status is SlotStatus.BUSY
