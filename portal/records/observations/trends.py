"""Charts of measurements over time, one for each kind and unit. Pure geometry and words.

No library such as matplotlib or Pygal: the charts use the page's style and fonts, and writing a few lines of
SVG is faster than loading such a library.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

from portal.records.observations.rules import BY_CODE, NEWS2, NEWS2_FROM_MONTHS, flag

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 220, 56, 16, 16, 32
MOST_DRAWN = 120
"""The most points in one chart; the table below it has all of them."""


class Reading(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def shown(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def effective_at(self) -> datetime: ...


class Usual(NamedTuple):
    """A reference range as a band of the chart and in words, with its source."""

    limits: tuple[str | None, str | None]
    said: str
    source: str


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    flag: str


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A chart, its summary in words, and its readings, oldest first."""

    name: str
    unit: str
    points: list[Point]
    ticks: list[Tick]
    band: tuple[float, float] | None
    """Top and bottom of the usual range in the chart."""
    readings: Sequence[Reading]
    flags: list[str]
    lowest: str
    highest: str
    range: str
    source: str

    @property
    def outside(self) -> int:
        return sum(bool(one) for one in self.flags)

    @property
    def thinned(self) -> bool:
        return len(self.points) < len(self.readings)

    @property
    def line(self) -> str:
        """The points in the format of SVG."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


def trends_of(readings: Sequence[Reading], months: int) -> list[Trend]:
    """One trend per code and unit, in the order of the vital signs."""
    groups: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        groups.setdefault((reading.code, reading.unit), []).append(reading)
    order = list(BY_CODE)
    known = sorted(groups, key=lambda key: (order.index(key[0]) if key[0] in order else 99, key))
    return [_trend(groups[key], months) for key in known]


def _trend(readings: list[Reading], months: int) -> Trend:
    first = readings[0]
    vital = BY_CODE.get(first.code)
    flags = [flag(one.code, one.value, months) if vital else "" for one in readings]
    limits = vital.range if vital and vital.unit == first.unit else (None, None)
    has_range = any(limits) and months >= NEWS2_FROM_MONTHS
    usual = Usual(limits, _range_in_words(limits), NEWS2) if has_range else None
    return trend(readings, flags, vital.shown_unit if vital else first.unit, usual)


def trend(
    readings: Sequence[Reading], flags: list[str], shown_unit: str, usual: Usual | None
) -> Trend:
    """The trend of readings of one code and unit, oldest first. `usual` must apply to all of them."""
    limits = usual.limits if usual else (None, None)
    values = [Decimal(one.value) for one in readings]
    lowest, highest = min(values), max(values)
    scale = _Scale(readings, [*values, *(Decimal(limit) for limit in limits if limit)])
    return Trend(
        name=readings[0].name,
        unit=shown_unit,
        points=[scale.point(readings[at], flags[at]) for at in thinned(values)],
        ticks=scale.ticks(),
        band=scale.band(limits) if usual else None,
        readings=readings,
        flags=flags,
        lowest=readings[values.index(lowest)].shown,
        highest=readings[values.index(highest)].shown,
        range=usual.said if usual else "",
        source=usual.source if usual else "",
    )


def thinned(values: Sequence[Decimal], most: int = MOST_DRAWN) -> list[int]:
    """The points to draw: the first, the last, and the smallest and largest of each section."""
    if len(values) <= most:
        return list(range(len(values)))
    stretches = most // 2 - 1
    kept = {0, len(values) - 1}
    for number in range(stretches):
        part = range(number * len(values) // stretches, (number + 1) * len(values) // stretches)
        kept |= {min(part, key=values.__getitem__), max(part, key=values.__getitem__)}
    return sorted(kept)


def _range_in_words(limits: tuple[str | None, str | None]) -> str:
    low, high = limits
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"up to {high}"


class _Scale:
    """Maps values and times to positions in the chart."""

    def __init__(self, readings: Sequence[Reading], values: Sequence[Decimal]) -> None:
        self._from = readings[0].effective_at
        seconds = (readings[-1].effective_at - self._from).total_seconds()
        self._seconds = seconds or 1.0
        self._alone = seconds == 0
        low, high = min(values), max(values)
        room = (high - low) / 10 or Decimal(1)
        self._low, self._high = low - room, high + room

    def _y(self, value: Decimal) -> float:
        share = float((value - self._low) / (self._high - self._low))
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def point(self, reading: Reading, flagged: str) -> Point:
        passed = (reading.effective_at - self._from).total_seconds() / self._seconds
        share = 0.5 if self._alone else passed
        x = round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)
        return Point(x, self._y(Decimal(reading.value)), flagged)

    def band(self, limits: tuple[str | None, str | None]) -> tuple[float, float]:
        low, high = limits
        top = self._y(Decimal(high)) if high else float(TOP)
        bottom = self._y(Decimal(low)) if low else float(HEIGHT - BOTTOM)
        return top, bottom

    def ticks(self) -> list[Tick]:
        """A few round numbers for the axis."""
        span = self._high - self._low
        step = Decimal(10) ** (span.adjusted())
        while span / step < 4:
            step /= 2
        number = (self._low / step).to_integral_value(rounding="ROUND_CEILING") * step
        found = []
        while number <= self._high:
            found.append(Tick(self._y(number), f"{number.normalize():f}"))
            number += step
        return found
