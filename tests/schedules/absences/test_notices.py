"""Patients are told when their time is taken away, and when it comes back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.models import Appointment, Notice, Slot
from portal.schedules.slots.taking_out import Unconfirmed
from portal.vocabulary import NoticeState
from tests.builders import a_patient, an_appointment
from tests.builders.tuesdays import Clinic
from tests.schedules.absences.absences import BUSY, end, leave


def notices(session: Session) -> list[tuple[str, int]]:
    """What patients are told, the oldest first."""
    found = session.execute(select(Notice.occasion, Notice.sequence).order_by(Notice.id))
    return [(occasion.value, sequence) for occasion, sequence in found]


def a_booked_time(clinic: Clinic) -> Appointment:
    slot = clinic.session.scalars(
        select(Slot)
        .where(Slot.starts_at >= datetime(2026, 3, 10, tzinfo=UTC))
        .order_by(Slot.starts_at)
    ).first()
    assert slot is not None
    slot.status = BUSY
    appointment = an_appointment(clinic.session, a_patient(clinic.session), slot)
    clinic.session.flush()
    return appointment


def confirmed_leave(clinic: Clinic) -> None:
    with pytest.raises(Unconfirmed) as refusal, clinic.session.begin_nested():
        leave(clinic)
    leave(clinic, confirmed=refusal.value.effect.fingerprint)


def test_a_patient_is_told_that_their_time_is_gone(clinic: Clinic) -> None:
    appointment = a_booked_time(clinic)
    before = appointment.sequence

    with pytest.raises(Unconfirmed), clinic.session.begin_nested():
        leave(clinic)
    assert notices(clinic.session) == [], "nobody is told before the leave is confirmed"
    confirmed_leave(clinic)

    assert notices(clinic.session) == [("withdrawn", before + 1)]
    clinic.session.refresh(appointment)
    assert appointment.sequence == before + 1, "a page that was open before is out of date"


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (NoticeState.SENT, ["withdrawn", "restored", "reminder"]),
        (NoticeState.WAITING, ["withdrawn"]),
    ],
)
def test_a_patient_who_was_told_hears_that_the_time_is_back(
    clinic: Clinic, state: NoticeState, told: list[str]
) -> None:
    a_booked_time(clinic)
    confirmed_leave(clinic)
    clinic.session.execute(update(Notice).values(state=state))

    end(clinic)

    assert [occasion for occasion, _ in notices(clinic.session)] == told


def test_a_time_that_is_taken_away_twice_is_told_twice(clinic: Clinic) -> None:
    appointment = a_booked_time(clinic)
    for _ in range(2):
        confirmed_leave(clinic)
        end(clinic)

    assert [occasion for occasion, _ in notices(clinic.session)] == ["withdrawn", "withdrawn"]
    clinic.session.refresh(appointment)
    assert appointment.sequence == 2
