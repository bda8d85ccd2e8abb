"""Weekly sessions: their rules, and what a change does to free and booked times."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from portal.access import Role
from portal.errors import Forbidden, Refused, Unfit
from portal.models import AppointmentStatus, Mode, Schedule, Slot, SlotStatus
from portal.schedules.placing import SessionFacts
from portal.schedules.rebooking import Effect, to_rebook
from portal.schedules.schedule_actions import add_schedules, change_schedule, end_schedule
from portal.schedules.slots import make_slots
from tests.hospital import NOW, a_location, actor_of, an_account
from tests.schedules.conftest import HOSPITAL, NEXT_TUESDAY, Clinic

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE
WEDNESDAY = datetime(2026, 3, 4, tzinfo=UTC)
IN_TWO_WEEKS = NEXT_TUESDAY + timedelta(days=7)


def facts(clinic: Clinic, **changes: object) -> SessionFacts:
    """Of an afternoon that has its place, unless told otherwise."""
    afternoon = SessionFacts(
        location_ref=clinic.location.ref,
        starts=time(13),
        ends=time(15),
        slot_minutes=30,
        mode=Mode.VIDEO,
        valid_from=date(2026, 3, 3),
        valid_to=None,
    )
    return replace(afternoon, **changes)  # type: ignore[arg-type]


def add(clinic: Clinic, weekdays: Iterable[int] = (2,), **changes: object) -> int:
    return add_schedules(
        clinic.session,
        by=clinic.administrator,
        practitioner_ref=clinic.practitioner.ref,
        weekdays=weekdays,
        facts=facts(clinic, **changes),
        hospital=HOSPITAL,
        now=NOW,
    )


def change(clinic: Clinic, confirmed: str | None = None, **changes: object) -> Effect:
    """The Tuesday mornings, otherwise as they are."""
    morning = {
        "starts": time(9),
        "ends": time(12),
        "slot_minutes": 20,
        "mode": Mode.IN_PERSON,
        "valid_from": NEXT_TUESDAY.date(),
    }
    return change_schedule(
        clinic.session,
        by=clinic.administrator,
        schedule_ref=clinic.schedule.ref,
        facts=facts(clinic, **{**morning, **changes}),
        confirmed=confirmed,
        hospital=HOSPITAL,
        now=NOW,
    )


def end(clinic: Clinic, last_day: date, confirmed: str | None = None) -> Effect:
    return end_schedule(
        clinic.session,
        by=clinic.administrator,
        schedule_ref=clinic.schedule.ref,
        last_day=last_day,
        confirmed=confirmed,
        hospital=HOSPITAL,
        now=NOW,
    )


def test_a_new_session_gives_slots_at_once(clinic: Clinic) -> None:
    assert add(clinic) == 8 * 4
    assert clinic.statuses(WEDNESDAY) == [FREE] * 4


def test_several_weekdays_at_once(clinic: Clinic) -> None:
    add(clinic, [2, 3, 2])

    weekdays = clinic.session.scalars(select(Schedule.weekday).order_by(Schedule.weekday)).all()
    assert weekdays == [1, 2, 3]


@pytest.mark.parametrize(
    ("weekday", "changes", "field", "says"),
    [
        (2, {"starts": time(7)}, "starts", "open on Wednesdays from 8am to 6pm"),
        (2, {"ends": time(18, 20)}, "starts", "open on Wednesdays from 8am to 6pm"),
        (6, {}, "weekday", "closed on Sundays"),
        (1, {"starts": time(11, 40)}, "starts", "Tuesday 9am to midday in Clinic"),
        (2, {"ends": time(13)}, "ends", "after the beginning"),
        (2, {"slot_minutes": 4}, "slot_minutes", "5 to 240"),
        (2, {"slot_minutes": 241}, "slot_minutes", "5 to 240"),
        (2, {"slot_minutes": -20}, "slot_minutes", "5 to 240"),
        (2, {"slot_minutes": 150}, "slot_minutes", "shorter than one"),
        (2, {"valid_to": date(2026, 3, 2)}, "valid_to", "before the first"),
        (2, {"valid_from": date(1900, 1, 1)}, "valid_from", "Choose a day from"),
        (2, {"valid_from": date(9999, 1, 1)}, "valid_from", "Choose a day from"),
    ],
    ids=str,
)
def test_what_has_no_place(
    clinic: Clinic, weekday: int, changes: dict[str, object], field: str, says: str
) -> None:
    with pytest.raises(Unfit, match=says) as refusal:
        add(clinic, [weekday], **changes)

    assert refusal.value.field == field


def test_another_time_or_another_year_does_not_overlap(clinic: Clinic) -> None:
    clinic.schedule.valid_to = date(2026, 12, 31)
    clinic.session.flush()

    add(clinic, [1], starts=time(12), ends=time(14))
    add(clinic, [1], starts=time(9), ends=time(11), valid_from=date(2027, 1, 1))


def test_only_in_a_clinic_where_they_work(clinic: Clinic) -> None:
    with pytest.raises(Unfit, match="do not work in this clinic"):
        add(clinic, location_ref=a_location(clinic.session).ref)


def test_not_in_a_clinic_that_is_closed_for_good(clinic: Clinic) -> None:
    clinic.location.active = False
    clinic.session.flush()

    with pytest.raises(Unfit, match="do not work in this clinic"):
        add(clinic)


def test_not_for_somebody_who_has_left(clinic: Clinic) -> None:
    clinic.practitioner.active = False
    clinic.session.flush()

    with pytest.raises(Refused, match="does not work here any more"):
        add(clinic)


def test_a_change_of_length_makes_new_times_from_its_day_on(clinic: Clinic) -> None:
    effect = change(clinic, slot_minutes=60, valid_from=IN_TWO_WEEKS.date())

    assert effect.free == 6 * 9 + 9
    assert clinic.statuses(NEXT_TUESDAY) == [FREE] * 9
    assert clinic.statuses(IN_TWO_WEEKS) == [FREE] * 3
    assert clinic.slot("9:00", IN_TWO_WEEKS).ends_at == IN_TWO_WEEKS + timedelta(hours=10)


def test_the_week_remembers_how_it_was(clinic: Clinic) -> None:
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


def test_a_free_time_with_a_history_is_kept_out_of_sight(clinic: Clinic) -> None:
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


def test_a_new_length_waits_for_the_appointment_in_its_way(clinic: Clinic) -> None:
    booked = clinic.booked("9:00")
    question = clinic.asked(lambda: change(clinic, slot_minutes=60))
    change(clinic, slot_minutes=60, confirmed=question.fingerprint)
    assert clinic.statuses() == [UNAVAILABLE, FREE, FREE]

    booked.status = AppointmentStatus.CANCELLED
    clinic.session.flush()
    make_slots(clinic.session, by=clinic.administrator, hospital=HOSPITAL, now=NOW)

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


def test_only_administrators(clinic: Clinic) -> None:
    clinic.administrator = actor_of(an_account(clinic.session, Role.DOCTOR))

    with pytest.raises(Forbidden):
        add(clinic)
    with pytest.raises(Forbidden):
        change(clinic)
    with pytest.raises(Forbidden):
        end(clinic, NEXT_TUESDAY.date())
