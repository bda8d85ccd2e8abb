"""Results over time: one chart per unit, or only a table when the results are words. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from portal.records.observations.trends import Reading, Trend, Usual, trend
from portal.records.panels.rules import shown_unit
from portal.records.ranges.rules import Person, Range, flag, range_for
from portal.settings.hospital import Hospital
from portal.vocabulary import AdministrativeGender
from portal.words import months_between


class Result(Reading, Protocol):
    @property
    def comparator(self) -> str: ...


class Patient(Protocol):
    @property
    def birth_date(self) -> date: ...
    @property
    def gender(self) -> AdministrativeGender: ...


PersonAt = Callable[[datetime], Person]


class OverTime(NamedTuple):
    charts: list[Trend]
    words: list[Result]
    """Results that are not numbers, oldest first."""


def person_of(subject: Patient, hospital: Hospital) -> PersonAt:
    """The facts on which ranges depend, at the time of a sample."""

    def at(instant: datetime) -> Person:
        months = months_between(subject.birth_date, hospital.today(instant))
        return Person(subject.gender, months)

    return at


def flag_of(value: Result, person_at: PersonAt) -> str:
    reported = value.comparator, value.value
    return flag(value.code, value.unit, reported, person_at(value.effective_at))


def range_of(value: Result, person_at: PersonAt) -> Range | None:
    return range_for(value.code, value.unit, person_at(value.effective_at))


def sources_of(values: Iterable[Result], person_at: PersonAt) -> list[str]:
    """The sources of the ranges of a report, each once."""
    found = (range_of(value, person_at) for value in values)
    return sorted({one.source for one in found if one})


def over_time(values: Sequence[Result], person_at: PersonAt) -> OverTime:
    """Each unit and each code has its own chart."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for value in values:
        if value.value:
            groups.setdefault((value.code, value.unit), []).append(value)
    charts = [_chart(group, person_at) for group in groups.values()]
    return OverTime(charts, [value for value in values if not value.value])


def _chart(values: list[Result], person_at: PersonAt) -> Trend:
    first = values[0]
    flags = [flag_of(value, person_at) for value in values]
    found = {range_of(value, person_at) for value in values}
    holds = found.pop() if len(found) == 1 else None
    usual = Usual(holds.limits, holds.said, holds.source) if holds else None
    return trend(values, flags, shown_unit(first.code, first.unit), usual)
