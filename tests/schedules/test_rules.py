"""Sessions and slots on ordinary days and on the nights on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.schedules import rules
from portal.schedules.rules import Absence, PlannedSlot, Session, Weekly
from portal.settings.hospital import LONDON
from portal.vocabulary import Mode

SANTIAGO = ZoneInfo("America/Santiago")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
NIGHTS = [
    (LONDON, date(2026, 3, 29)),
    (LONDON, date(2026, 10, 25)),
    (SANTIAGO, date(2026, 4, 4)),
    (SANTIAGO, date(2026, 9, 6)),
    (LORD_HOWE, date(2026, 4, 5)),
    (LORD_HOWE, date(2026, 10, 4)),
]
"""The days on which clocks go forward or back: by an hour, at midnight, by half an hour."""

clocks = st.times().map(lambda found: found.replace(second=0, microsecond=0))
lengths = st.integers(min_value=5, max_value=240)


def weekly(day: date, starts: time, ends: time, minutes: int = 20) -> Weekly:
    return Weekly(1, 1, day.weekday(), starts, ends, minutes, Mode.IN_PERSON, day)


def slots(day: date, starts: time, ends: time, minutes: int, zone: ZoneInfo) -> list[PlannedSlot]:
    sessions = rules.sessions_on(day, [weekly(day, starts, ends, minutes)], zone)
    return [slot for session in sessions for slot in rules.slots_of(session)]


def wall(instant: datetime, zone: ZoneInfo) -> time:
    return instant.astimezone(zone).time()


def test_a_morning_gives_its_slots() -> None:
    found = slots(date(2026, 3, 3), time(9), time(10), 20, LONDON)

    assert [wall(slot.starts_at, LONDON) for slot in found] == [time(9), time(9, 20), time(9, 40)]


def test_a_rest_shorter_than_a_slot_gives_no_slot() -> None:
    found = slots(date(2026, 3, 3), time(9), time(10), 25, LONDON)

    assert [wall(slot.ends_at, LONDON) for slot in found] == [time(9, 25), time(9, 50)]


def test_summer_time_moves_the_instants_not_the_clock() -> None:
    winter = slots(date(2026, 3, 28), time(9), time(10), 60, LONDON)
    summer = slots(date(2026, 3, 29), time(9), time(10), 60, LONDON)

    assert winter[0].starts_at == datetime(2026, 3, 28, 9, tzinfo=UTC)
    assert summer[0].starts_at == datetime(2026, 3, 29, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 3, 28), 12), (date(2026, 3, 29), 8), (date(2026, 10, 25), 16)],
    ids=["ordinary", "spring", "autumn"],
)
def test_a_night_has_as_many_slots_as_real_minutes(day: date, expected: int) -> None:
    assert len(slots(day, time(0), time(3), 15, LONDON)) == expected


def test_a_session_in_the_hour_that_is_left_out_does_not_take_place() -> None:
    assert slots(date(2026, 3, 29), time(1), time(2), 15, LONDON) == []


@given(st.sampled_from(NIGHTS), clocks, clocks, lengths)
def test_slots_have_full_length_follow_each_other_and_stay_inside(
    night: tuple[ZoneInfo, date], starts: time, ends: time, minutes: int
) -> None:
    zone, day = night
    found = slots(day, starts, ends, minutes, zone)

    for slot in found:
        assert slot.ends_at - slot.starts_at == timedelta(minutes=minutes)
        assert slot.starts_at >= rules.boundary(day, starts, zone)
        assert slot.ends_at <= rules.boundary(day, ends, zone)
        assert slot.starts_at.astimezone(zone).date() == day
    assert [slot.starts_at for slot in found[1:]] == [slot.ends_at for slot in found[:-1]]


@given(st.sampled_from(NIGHTS), st.lists(clocks, min_size=2, max_size=6, unique=True), lengths)
def test_sessions_side_by_side_never_give_overlapping_slots(
    night: tuple[ZoneInfo, date], marks: list[time], minutes: int
) -> None:
    zone, day = night
    marks.sort()
    pairs = pairwise(marks)
    entries = [weekly(day, starts, ends, minutes) for starts, ends in pairs]
    found = sorted(
        (slot.starts_at, slot.ends_at)
        for slot in rules.plan(entries, [], [], days=[day], zone=zone).values()
    )

    assert all(first[1] <= second[0] for first, second in pairwise(found))


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        (LONDON, date(2026, 3, 29), time(1, 30), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (LONDON, date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (SANTIAGO, date(2026, 9, 6), time(0, 30), datetime(2026, 9, 6, 4, tzinfo=UTC)),
        (LORD_HOWE, date(2026, 10, 4), time(2, 15), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ],
    ids=str,
)
def test_a_time_that_is_left_out_is_the_moment_of_the_change(
    zone: ZoneInfo, day: date, clock: time, expected: datetime
) -> None:
    assert rules.boundary(day, clock, zone) == expected


@given(st.sampled_from(NIGHTS), clocks)
def test_a_boundary_is_the_first_instant_at_which_the_clock_shows_the_time(
    night: tuple[ZoneInfo, date], clock: time
) -> None:
    zone, day = night
    found = rules.boundary(day, clock, zone)
    before = (found - timedelta(seconds=1)).astimezone(zone)

    assert found.astimezone(zone).date() == day
    assert wall(found, zone) >= clock
    assert (before.date(), before.time()) < (day, clock)


def test_a_schedule_is_valid_from_its_first_to_its_last_day() -> None:
    tuesday = date(2026, 3, 3)
    entry = Weekly(1, 1, 1, time(9), time(10), 60, Mode.PHONE, tuesday, tuesday + timedelta(days=7))
    days = rules.days_between(tuesday - timedelta(days=7), tuesday + timedelta(days=14))
    found = rules.plan([entry], [], [], days=days, zone=LONDON)

    starts = [start.date() for _, start in found]
    assert starts == [tuesday, tuesday + timedelta(days=7)]


def test_leave_takes_every_slot_that_it_touches() -> None:
    tuesday = date(2026, 3, 3)
    away = Absence(
        1, None, datetime(2026, 3, 3, 9, 30, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC)
    )
    found = rules.plan(
        [weekly(tuesday, time(9), time(11))], [], [away], days=[tuesday], zone=LONDON
    )

    assert [start.time() for _, start in found] == [time(9), time(10), time(10, 20), time(10, 40)]


@pytest.mark.parametrize(
    ("absence", "concerned"),
    [((1, None), True), ((2, None), False), ((None, 1), True), ((None, 2), False)],
)
def test_an_absence_concerns_its_practitioner_or_its_clinic(
    absence: tuple[int | None, int | None], concerned: bool
) -> None:
    whole_day = datetime(2026, 3, 3, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)

    assert Absence(*absence, *whole_day).concerns(1, 1) is concerned


def test_an_extra_session_gives_slots_on_its_own() -> None:
    saturday = datetime(2026, 3, 7, 9, tzinfo=UTC)
    extra = Session(1, 1, saturday, saturday + timedelta(hours=1), 30, Mode.VIDEO)
    found = rules.plan([], [extra], [], days=[], zone=LONDON)

    assert [slot.mode for slot in found.values()] == [Mode.VIDEO, Mode.VIDEO]
