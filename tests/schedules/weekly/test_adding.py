"""New weekly sessions: their times at once, and what is refused."""

from datetime import date, time

import pytest
from sqlalchemy import select

from portal.errors import Refused, Unfit
from portal.models import Schedule
from tests.builders import a_location
from tests.builders.tuesdays import Clinic
from tests.schedules.weekly.sessions import FREE, WEDNESDAY, add


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
def test_sessions_that_do_not_fit_are_refused(
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


def test_a_session_is_only_in_a_clinic_where_they_work(clinic: Clinic) -> None:
    with pytest.raises(Unfit, match="do not work in this clinic"):
        add(clinic, location_ref=a_location(clinic.session).ref)


def test_a_session_in_a_clinic_that_is_out_of_use_is_refused(clinic: Clinic) -> None:
    clinic.location.active = False
    clinic.session.flush()

    with pytest.raises(Unfit, match="do not work in this clinic"):
        add(clinic)


def test_a_session_for_somebody_who_has_left_is_refused(clinic: Clinic) -> None:
    clinic.practitioner.active = False
    clinic.session.flush()

    with pytest.raises(Refused, match="does not work here any more"):
        add(clinic)
