"""Vital signs: their names, which values are possible, and which are unusual. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.errors import Refused, Unfit

ADULT_MONTHS = 18 * 12
NEWS2_FROM_MONTHS = 16 * 12
NEWS2 = "NEWS2, Royal College of Physicians 2017"
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,3})?", re.ASCII)
_TWO = re.compile(r"\d{2,3} ?/ ?\d{2,3}", re.ASCII)

Ages = tuple[tuple[int, str, str], ...]
"""Age in months from which it applies, and the lowest and highest value that need no confirmation."""


@dataclass(frozen=True, slots=True)
class Vital:
    """One vital sign. Values outside `possible` are refused, values outside `usual` need confirmation."""

    field: str
    name: str
    code: str
    """LOINC."""
    unit: str
    """UCUM."""
    shown_unit: str
    possible: tuple[str, str]
    usual: Ages
    range: tuple[str | None, str | None] = (None, None)
    """For people aged 16 and over: the range that scores 0 in NEWS2."""


VITALS = (
    Vital(
        "systolic",
        "Blood pressure, upper number",
        "8480-6",
        "mm[Hg]",
        "mmHg",
        ("20", "350"),
        ((0, "50", "120"), (12, "65", "150"), (ADULT_MONTHS, "70", "220")),
        ("111", "219"),
    ),
    Vital(
        "diastolic",
        "Blood pressure, lower number",
        "8462-4",
        "mm[Hg]",
        "mmHg",
        ("10", "250"),
        ((0, "25", "90"), (12, "30", "100"), (ADULT_MONTHS, "40", "130")),
    ),
    Vital(
        "pulse",
        "Pulse",
        "8867-4",
        "/min",
        "beats a minute",
        ("10", "350"),
        ((0, "70", "200"), (12, "60", "180"), (60, "50", "160"), (144, "40", "150")),
        ("51", "90"),
    ),
    Vital(
        "temperature",
        "Temperature",
        "8310-5",
        "Cel",
        "°C",
        ("20", "46"),
        ((0, "34", "41.5"),),
        ("36.1", "38.0"),
    ),
    Vital(
        "respiration",
        "Breathing rate",
        "9279-1",
        "/min",
        "breaths a minute",
        ("2", "150"),
        ((0, "20", "70"), (12, "15", "50"), (60, "12", "40"), (144, "8", "35")),
        ("12", "20"),
    ),
    Vital(
        "saturation",
        "Oxygen saturation",
        "2708-6",
        "%",
        "%",
        ("10", "100"),
        ((0, "85", "100"),),
        ("96", None),
    ),
    Vital(
        "weight",
        "Weight",
        "29463-7",
        "kg",
        "kg",
        ("0.2", "650"),
        (
            *((0, "1", "6"), (3, "3", "11"), (12, "5", "16"), (24, "7", "22"), (60, "11", "40")),
            *((120, "17", "90"), (168, "28", "150"), (ADULT_MONTHS, "30", "250")),
        ),
    ),
    Vital(
        "height",
        "Height",
        "8302-2",
        "cm",
        "cm",
        ("20", "275"),
        (
            *((0, "35", "62"), (3, "48", "80"), (12, "60", "95"), (24, "70", "115")),
            *((60, "90", "145"), (120, "110", "180"), (168, "125", "210")),
            (ADULT_MONTHS, "120", "220"),
        ),
    ),
)
BMI = Vital("bmi", "Body mass index", "39156-5", "kg/m2", "kg/m²", ("1", "250"), ())
BY_FIELD = {vital.field: vital for vital in VITALS}
BY_CODE = {vital.code: vital for vital in (*VITALS, BMI)}

EMPTY = "Enter at least one measurement."


def clean_number(typed: str | None) -> str:
    """A number as it was typed; raises `ValueError` with a sentence that says what to type."""
    text = (typed or "").strip()
    if not text or _NUMBER.fullmatch(text):
        return text
    if _TWO.fullmatch(text):
        raise ValueError("Enter one number here. The other one has its own box")
    if re.fullmatch(r"\d+,\d+", text, re.ASCII):
        raise ValueError("Write the number with a point, such as 72.5")
    raise ValueError("Enter a number in digits, such as 72 or 72.5")


def check(values: Mapping[str, str]) -> None:
    """Raises `Unfit` for impossible values, `Refused` when nothing was typed."""
    if not any(values.values()):
        raise Refused(EMPTY)
    for field, value in values.items():
        if value:
            _check_possible(BY_FIELD[field], Decimal(value))
    upper, lower = values.get("systolic"), values.get("diastolic")
    if upper and lower and Decimal(lower) >= Decimal(upper):
        raise Unfit("diastolic", "The lower number must be below the upper one")


def _check_possible(vital: Vital, value: Decimal) -> None:
    low, high = (Decimal(limit) for limit in vital.possible)
    if low <= value <= high:
        return
    said = f"{vital.name} must be between {low} and {high} {vital.shown_unit}"
    if vital.field == "weight" and low <= value / 1000 <= high:
        said += f". If you typed grams, enter {(value / 1000).normalize():f}"
    raise Unfit(vital.field, said)


def unusual(values: Mapping[str, str], months: int) -> tuple[str, ...]:
    """The values that need confirmation at this age in months."""
    found = []
    for field, value in values.items():
        vital = BY_FIELD[field]
        limits = [limit for limit in vital.usual if limit[0] <= months]
        if not value or not limits:
            continue
        _, low, high = limits[-1]
        if not Decimal(low) <= Decimal(value) <= Decimal(high):
            found.append(f"{vital.name} {value} {vital.shown_unit} is unusual at this age.")
    return tuple(found)


def body_mass_index(values: Mapping[str, str]) -> str:
    """The body mass index from weight and height of the same set, to one decimal; empty if one is missing."""
    weight, height = values.get("weight"), values.get("height")
    if not weight or not height:
        return ""
    metres = Decimal(height) / 100
    return str((Decimal(weight) / metres**2).quantize(Decimal("0.1"), ROUND_HALF_UP))


def flag(code: str, value: str, months: int) -> str:
    """`high` or `low` if certain; otherwise empty."""
    vital = BY_CODE.get(code)
    if vital is None or not value or months < NEWS2_FROM_MONTHS:
        return ""
    low, high = vital.range
    if low is not None and Decimal(value) < Decimal(low):
        return "low"
    return "high" if high is not None and Decimal(value) > Decimal(high) else ""
