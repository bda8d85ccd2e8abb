"""Rows of the slots and appointments of a measured hospital, around today.

Past days are half booked, today nearly full, the days ahead the emptier the further off. Patients
take their turns in a shuffled order, so that each has as many appointments as any other, and never
two at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, SlotStatus
from tests.bench.loading import Row, text
from tests.bench.people import clinic_of, ref
from tests.bench.size import PER_CLINIC, SLOTS_A_DAY, Size

FIRST, MINUTES = time(9), timedelta(minutes=20)
FULL, NEARLY_EMPTY = 0.9, 0.1
BOOKED_BEFORE = timedelta(days=10)

SLOT = "id", "ref", "practitioner_id", "location_id", "starts_at", "ends_at", "mode", "status"

FREE = 0
STATUSES = (
    None,
    AppointmentStatus.BOOKED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.FULFILLED,
    AppointmentStatus.NOSHOW,
    AppointmentStatus.CANCELLED,
)
"""The state of a slot, by its number."""
_PAST, _TODAY, _AHEAD = ((3, 4, 5), (86, 8, 6)), ((1, 2), (60, 40)), ((1,), (1,))


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment, before it is a row."""

    id: int
    ref: str
    patient_id: int
    slot_id: int
    practitioner_id: int
    starts_at: str
    ends_at: str
    created_at: str
    status: AppointmentStatus

    @property
    def location_id(self) -> int:
        return clinic_of(self.practitioner_id)


class Calendar:
    """Which slots are taken; it tells the same however often it is asked."""

    def __init__(self, size: Size, seed: int, today: date, hospital: Hospital) -> None:
        self.size = size
        self._seed = seed
        self._first_day = today - timedelta(days=size.days - 1 - size.days_ahead)
        self._hospital = hospital
        self._outcomes = _outcomes(size, Random(seed))

    def slots(self) -> Iterator[Row]:
        """Rows for the columns of `SLOT`."""
        random = Random(self._seed)
        for slot_id, practitioner_id, starts, ends, _ in self._times():
            outcome = STATUSES[self._outcomes[slot_id - 1]]
            free = outcome in (None, AppointmentStatus.CANCELLED)
            status = SlotStatus.FREE if free else SlotStatus.BUSY
            yield (
                *(slot_id, ref(random), practitioner_id, clinic_of(practitioner_id), starts, ends),
                *("in-person", status.value),
            )

    def visits(self) -> Iterator[Visit]:
        random = Random(self._seed + 1)
        turns = _turns(self.size.patients, random)
        number = 0
        for slot_id, practitioner_id, starts, ends, created in self._times():
            status = STATUSES[self._outcomes[slot_id - 1]]
            if status is not None:
                number += 1
                yield Visit(
                    *(number, ref(random), next(turns), slot_id, practitioner_id),
                    *(starts, ends, created, status),
                )

    def _times(self) -> Iterator[tuple[int, int, str, str, str]]:
        """Every slot's id, practitioner, beginning and end, and when it was booked."""
        slot_id = 0
        for day in range(self.size.days):
            clocks = self._clocks(self._first_day + timedelta(days=day))
            for practitioner_id in range(1, self.size.working_clinics * PER_CLINIC + 1):
                for starts, ends, created in clocks:
                    slot_id += 1
                    yield slot_id, practitioner_id, starts, ends, created

    def _clocks(self, day: date) -> list[tuple[str, str, str]]:
        first = self._hospital.instant(day, FIRST)
        starts = [first + place * MINUTES for place in range(SLOTS_A_DAY)]
        latest = datetime.now(UTC) - timedelta(hours=1)
        return [
            (text(at), text(at + MINUTES), text(min(at - BOOKED_BEFORE, latest))) for at in starts
        ]


def _outcomes(size: Size, random: Random) -> bytearray:
    """What became of each slot; exactly `size.appointments` of them are taken."""
    today, a_day = size.days - 1 - size.days_ahead, size.slots_a_day
    wanted = [int(a_day * FULL)]
    for day in range(size.days_ahead):
        share = FULL - (FULL - NEARLY_EMPTY) * day / size.days_ahead
        wanted.append(int(a_day * share))
    past = size.appointments - sum(wanted)
    assert 0 <= past <= today * a_day, "as many appointments do not fit into the past"
    outcomes = bytearray(size.days * a_day)
    _take(outcomes, range(today * a_day), past, _PAST, random)
    for day, count in enumerate(wanted):
        first = (today + day) * a_day
        _take(outcomes, range(first, first + a_day), count, _AHEAD if day else _TODAY, random)
    return outcomes


def _take(
    outcomes: bytearray,
    among: range,
    count: int,
    kinds: tuple[tuple[int, ...], tuple[int, ...]],
    random: Random,
) -> None:
    chosen = random.sample(among, count)
    values, weights = kinds
    for slot, outcome in zip(chosen, random.choices(values, weights, k=count), strict=True):
        outcomes[slot] = outcome


def _turns(patients: int, random: Random) -> Iterator[int]:
    order = list(range(1, patients + 1))
    while True:
        random.shuffle(order)
        yield from order
