"""Changing and ending weekly sessions, and what that does to free and booked times."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from portal.access import Role
from portal.errors import Forbidden, Refused, Unfit
from portal.models import Schedule, Slot
from portal.schedules.slots.actions import make_slots
from portal.schedules.slots.taking_out import to_rebook
from portal.vocabulary import AppointmentStatus, Mode
from tests.builders import NOW, actor_of, an_account
from tests.builders.tuesdays import NEXT_TUESDAY, Clinic
from tests.schedules.weekly.sessions import BUSY, FREE, IN_TWO_WEEKS, UNAVAILABLE, add, change, end


def test_a_change_of_length_makes_new_times_from_its_day_on(clinic: Clinic) -> None:
    effect = change(clinic, slot_minutes=60, valid_from=IN_TWO_WEEKS.date())

    assert effect.free == 6 * 9 + 9
    assert clinic.statuses(NEXT_TUESDAY) == [FREE] * 9
    assert clinic.statuses(IN_TWO_WEEKS) == [FREE] * 3
    assert clinic.slot("9:00", IN_TWO_WEEKS).ends_at == IN_TWO_WEEKS + timedelta(hours=10)


def test_a_change_keeps_the_earlier_session_with_its_last_day(clinic: Clinic) -> None:
    change(clinic, slot_minutes=60, valid_from=IN_TWO_WEEKS.date())

    rows = clinic.session.execute(
        select(Schedule.valid_from, Schedule.valid_to, Schedule.slot_minutes).order_by(
            Schedule.valid_from
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        (date(2026, 1, 1), date(2026, 3, 16), 20),
        (date(2026, 3, 17), None, 60),
    ]


def test_a_session_that_has_not_begun_is_changed_as_a_whole(clinic: Clinic) -> None:
    add(clinic, [2], valid_from=date(2026, 4, 1))
    clinic.schedule = clinic.session.scalars(select(Schedule).where(Schedule.weekday == 2)).one()

    change(clinic, starts=time(13), ends=time(14), valid_from=date(2026, 3, 25))

    (row,) = clinic.session.scalars(
        select(Schedule).where(Schedule.weekday == 2).execution_options(populate_existing=True)
    )
    assert (row.valid_from, row.ends) == (date(2026, 3, 25), time(14))


def test_a_change_that_keeps_the_times_touches_nothing(clinic: Clinic) -> None:
    booked = clinic.booked("9:20")

    effect = change(clinic, ends=time(13))

    assert (effect.free, effect.booked) == (0, ())
    assert clinic.statuses() == [FREE, BUSY, *[FREE] * 10]
    assert booked.slot_id == clinic.slot("9:20").id


def test_booked_times_that_no_longer_fit_are_shown_first(clinic: Clinic) -> None:
    booked = clinic.booked("11:40")
    question = clinic.asked(lambda: change(clinic, ends=time(11)))
    assert [time_of.starts_at for time_of in question.booked] == [booked.starts_at]

    change(clinic, ends=time(11), confirmed=question.fingerprint)

    assert clinic.statuses() == [*[FREE] * 6, UNAVAILABLE]
    clinic.session.refresh(booked)
    assert booked.status is AppointmentStatus.BOOKED
    assert len(to_rebook(clinic.session, NOW)) == 1


def test_a_free_time_with_a_cancelled_appointment_is_hidden_and_not_deleted(clinic: Clinic) -> None:
    cancelled = clinic.booked("11:40")
    cancelled.status = AppointmentStatus.CANCELLED
    clinic.slot("11:40").status = FREE
    clinic.session.flush()

    change(clinic, ends=time(11))

    assert clinic.statuses() == [*[FREE] * 6, UNAVAILABLE]


def test_a_time_that_is_planned_again_comes_back_to_its_patient(clinic: Clinic) -> None:
    clinic.booked("11:40")
    question = clinic.asked(lambda: end(clinic, date(2026, 3, 3)))
    end(clinic, date(2026, 3, 3), question.fingerprint)
    assert clinic.statuses() == [UNAVAILABLE]

    add(
        clinic,
        [1],
        starts=time(9),
        ends=time(12),
        slot_minutes=20,
        mode=Mode.IN_PERSON,
        valid_from=date(2026, 3, 4),
    )

    assert clinic.statuses() == [*[FREE] * 8, BUSY]
    assert to_rebook(clinic.session, NOW) == ()


def test_a_new_length_waits_for_an_appointment_that_overlaps(clinic: Clinic) -> None:
    booked = clinic.booked("9:00")
    question = clinic.asked(lambda: change(clinic, slot_minutes=60))
    change(clinic, slot_minutes=60, confirmed=question.fingerprint)
    assert clinic.statuses() == [UNAVAILABLE, FREE, FREE]

    booked.status = AppointmentStatus.CANCELLED
    clinic.session.flush()
    make_slots(clinic.context())

    assert clinic.statuses() == [FREE] * 3
    assert clinic.slot("9:00").ends_at == NEXT_TUESDAY + timedelta(hours=10)


def test_an_ended_session_takes_place_for_the_last_time(clinic: Clinic) -> None:
    effect = end(clinic, NEXT_TUESDAY.date())

    assert effect.free == 7 * 9
    assert clinic.statuses() == [FREE] * 9
    assert clinic.statuses(IN_TWO_WEEKS) == []


def test_a_session_that_never_took_place_leaves_nothing(clinic: Clinic) -> None:
    add(clinic, [2], valid_from=date(2026, 4, 1))
    clinic.schedule = clinic.session.scalars(select(Schedule).where(Schedule.weekday == 2)).one()

    end(clinic, date(2026, 3, 31))

    count = select(func.count(Schedule.id))
    assert clinic.session.scalars(count.where(Schedule.weekday == 2)).one() == 0


def test_the_past_is_not_changed(clinic: Clinic) -> None:
    with pytest.raises(Unfit, match="past"):
        end(clinic, date(2026, 3, 1))
    with pytest.raises(Unfit, match="past"):
        change(clinic, valid_from=date(2026, 3, 2))

    before = clinic.session.scalars(select(Slot.id).where(Slot.starts_at < NOW)).all()
    end(clinic, date(2026, 3, 2))
    assert clinic.session.scalars(select(Slot.id).where(Slot.starts_at < NOW)).all() == before


def test_an_ended_session_is_not_ended_later_or_changed(clinic: Clinic) -> None:
    clinic.schedule.valid_to = date(2026, 3, 31)
    clinic.session.flush()

    with pytest.raises(Unfit, match="ends on 31 March 2026"):
        end(clinic, date(2026, 4, 7))
    with pytest.raises(Unfit, match="ends on 31 March 2026"):
        change(clinic, valid_from=date(2026, 4, 1))

    clinic.schedule.valid_to = date(2026, 2, 28)
    clinic.session.flush()
    with pytest.raises(Refused, match="ended on 28 February 2026"):
        end(clinic, date(2026, 3, 3))


def test_only_administrators_change_weekly_sessions(clinic: Clinic) -> None:
    clinic.administrator = actor_of(an_account(clinic.session, Role.DOCTOR))

    with pytest.raises(Forbidden):
        add(clinic)
    with pytest.raises(Forbidden):
        change(clinic)
    with pytest.raises(Forbidden):
        end(clinic, NEXT_TUESDAY.date())
