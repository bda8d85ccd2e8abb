"""Valid, possible and unusual input of results. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from portal.errors import Refused, Unfit
from portal.records.panels.rules import Analyte, Panel, Unit

_RESULT = re.compile(r"(<=|>=|<|>)?\s*(\d{1,6}(?:\.\d{1,4})?)", re.ASCII)
_COMMA = re.compile(r"[<>=≤≥]*\s*\d+,\d+", re.ASCII)
_SIGNS = {"≤": "<=", "≥": ">="}

EMPTY = "Enter at least one result."
NOT_A_RESULT = "Enter a number in digits, such as 4.1, or <0.5 if the laboratory wrote that"


class Entered(NamedTuple):
    """The input for one analyte: `4.10`, `<0.5` or an answer, with the UCUM unit of a number."""

    text: str
    unit: str = ""


class Line(NamedTuple):
    """One result as stored."""

    analyte: Analyte
    unit: Unit | None
    comparator: str
    value: str
    value_text: str

    @property
    def said(self) -> str:
        unit = f" {self.unit.shown_unit}" if self.unit and self.unit.shown_unit else ""
        return f"{self.value_text or self.comparator + self.value}{unit}"


class Results(NamedTuple):
    """A laboratory report: the results of one sample."""

    panel: Panel
    entered: Mapping[str, Entered]
    at: datetime
    """When the sample was taken."""
    note: str = ""

    def lines(self) -> list[Line]:
        found = ((one, self.entered.get(one.field)) for one in self.panel.analytes)
        return [_line(analyte, typed) for analyte, typed in found if typed and typed.text]


def clean_result(typed: str | None) -> str:
    """Reads a typed result, such as `4.10` or `<0.5`; raises `ValueError` with what to type."""
    text = (typed or "").strip()
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    if found := _RESULT.fullmatch(text):
        return f"{found[1] or ''}{found[2]}"
    if _COMMA.fullmatch(text):
        raise ValueError("Write the number with a point, such as 4.1")
    if text:
        raise ValueError(NOT_A_RESULT)
    return ""


def _line(analyte: Analyte, typed: Entered) -> Line:
    if analyte.answers:
        return Line(analyte, None, "", "", typed.text)
    unit = unit_of(analyte, typed.unit)
    found = _RESULT.fullmatch(typed.text)
    if unit is None or found is None:
        raise Unfit(analyte.field, NOT_A_RESULT)
    return Line(analyte, unit, found[1] or "", found[2], "")


def unit_of(analyte: Analyte, ucum: str) -> Unit | None:
    return next((one for one in analyte.units if one.unit == ucum), None)


def check(results: Results) -> None:
    """Raises `Unfit` for impossible results, `Refused` when nothing was typed."""
    lines = results.lines()
    if not lines:
        raise Refused(EMPTY)
    for line in lines:
        if line.unit is None:
            _check_answer(line)
        elif not _within(line.value, line.unit.possible):
            low, high = line.unit.possible
            said = f"{line.analyte.name} must be between {low} and {high} {line.unit.shown_unit}"
            raise Unfit(line.analyte.field, f"{said.strip()}. Check the number and its unit")


def _check_answer(line: Line) -> None:
    if line.value_text not in line.analyte.answers:
        raise Unfit(line.analyte.field, "Choose one of the answers")


def unusual(lines: Iterable[Line]) -> tuple[str, ...]:
    """The results to confirm, in words."""
    return tuple(
        f"{line.analyte.name} {line.said} is unusual. Check the number and its unit."
        for line in lines
        if line.unit and not _within(line.value, line.unit.usual)
    )


def _within(number: str, limits: tuple[str, str]) -> bool:
    low, high = (Decimal(limit) for limit in limits)
    return low <= Decimal(number) <= high
