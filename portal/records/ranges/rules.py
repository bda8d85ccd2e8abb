"""Reference ranges by code, unit, sex and age, with their sources, and a check against them. Pure.

A value is called low or high only when that is certain for its unit, the patient's age and every sex that is
possible. The ranges of the laboratory itself are more exact; these are for adults who are not pregnant,
unless a row says otherwise.
"""

from decimal import Decimal
from typing import NamedTuple

from portal.vocabulary import AdministrativeGender

ADULT = 18 * 12
OLDEST = 200 * 12

ABIM = "American Board of Internal Medicine, Laboratory Test Reference Ranges 2024"
HARMONY = "Pathology Harmony, UK, adults"
WHO_BLOOD = "WHO, haemoglobin cutoffs to define anaemia, 2024"
WHO_GLUCOSE = "WHO, diagnosis of diabetes, 2006"
ATP_III = "US National Cholesterol Education Program, ATP III, 2002"
ADA = "American Diabetes Association, Standards of Care 2024"

_BOTH = frozenset({AdministrativeGender.FEMALE, AdministrativeGender.MALE})
_WOMEN, _MEN = frozenset({AdministrativeGender.FEMALE}), frozenset({AdministrativeGender.MALE})


class Range(NamedTuple):
    """From `low` to `high`, both included, or below `under`; an empty string means no limit."""

    source: str
    code: str
    unit: str
    low: str = ""
    high: str = ""
    under: str = ""
    sexes: frozenset[AdministrativeGender] = _BOTH
    from_months: int = ADULT
    before_months: int = OLDEST

    @property
    def said(self) -> str:
        if self.under:
            return f"below {self.under}"
        if self.low and self.high:
            return f"{self.low} to {self.high}"
        return f"{self.low} or more" if self.low else f"up to {self.high}"

    @property
    def limits(self) -> tuple[str | None, str | None]:
        """The lower and upper edge of a chart's band."""
        return self.low or None, self.high or self.under or None


class Person(NamedTuple):
    """The facts about a patient on which ranges depend."""

    gender: AdministrativeGender
    months: int


def _haemoglobin(
    low: int, months: tuple[int, int], sexes: frozenset[AdministrativeGender] = _BOTH
) -> list[Range]:
    lows = (("g/L", str(low)), ("g/dL", f"{low // 10}.{low % 10}"))
    return [Range(WHO_BLOOD, "718-7", unit, limit, "", "", sexes, *months) for unit, limit in lows]


RANGES = (
    *_haemoglobin(105, (6, 24)),
    *_haemoglobin(110, (24, 60)),
    *_haemoglobin(115, (60, 144)),
    *_haemoglobin(120, (144, 180)),
    *_haemoglobin(120, (180, OLDEST), _WOMEN),
    *_haemoglobin(130, (180, OLDEST), _MEN),
    Range(ABIM, "4544-3", "%", "37", "47", sexes=_WOMEN),
    Range(ABIM, "4544-3", "%", "42", "50", sexes=_MEN),
    Range(ABIM, "6690-2", "10*9/L", "4", "11"),
    Range(ABIM, "787-2", "fL", "80", "98"),
    Range(ABIM, "777-3", "10*9/L", "150", "450"),
    Range(HARMONY, "2951-2", "mmol/L", "133", "146"),
    Range(HARMONY, "2823-3", "mmol/L", "3.5", "5.3"),
    Range(HARMONY, "2075-0", "mmol/L", "95", "108"),
    Range(HARMONY, "2028-9", "mmol/L", "22", "29"),
    Range(HARMONY, "22664-7", "mmol/L", "2.5", "7.8"),
    Range(ABIM, "2160-0", "mg/dL", "0.50", "1.10", sexes=_WOMEN),
    Range(ABIM, "2160-0", "mg/dL", "0.70", "1.30", sexes=_MEN),
    Range(WHO_GLUCOSE, "14749-6", "mmol/L", under="11.1"),
    Range(WHO_GLUCOSE, "2345-7", "mg/dL", under="200"),
    Range(ATP_III, "2093-3", "mg/dL", under="200"),
    Range(ATP_III, "2085-9", "mg/dL", low="40"),
    Range(ATP_III, "13457-7", "mg/dL", under="160"),
    Range(ATP_III, "2571-8", "mg/dL", under="150"),
    Range(ATP_III, "14647-2", "mmol/L", under="5.2"),
    Range(ATP_III, "14646-4", "mmol/L", low="1.0"),
    Range(ATP_III, "39469-2", "mmol/L", under="4.1"),
    Range(ATP_III, "14927-8", "mmol/L", under="1.7"),
    Range(ADA, "4548-4", "%", under="5.7"),
    Range(ADA, "59261-8", "mmol/mol", under="39"),
    Range(ABIM, "3016-3", "m[IU]/L", "0.5", "4.0"),
    Range(ABIM, "3024-7", "ng/dL", "0.8", "1.8"),
    Range(ABIM, "1742-6", "U/L", "10", "40"),
    Range(ABIM, "1920-8", "U/L", "10", "40"),
    Range(HARMONY, "6768-6", "U/L", "30", "130"),
    Range(HARMONY, "14631-6", "umol/L", under="21"),
    Range(HARMONY, "1751-7", "g/L", "35", "50"),
    Range(ABIM, "1751-7", "g/dL", "3.5", "5.5"),
    Range(HARMONY, "2000-8", "mmol/L", "2.2", "2.6"),
)


def ranges_for(code: str, unit: str, person: Person) -> list[Range]:
    """The ranges that may apply to this person: two if they differ by sex and the sex is unknown."""
    sexes = {person.gender} if person.gender in _BOTH else _BOTH
    return [
        row
        for row in RANGES
        if (row.code, row.unit) == (code, unit)
        and row.sexes & sexes
        and row.from_months <= person.months < row.before_months
    ]


def range_for(code: str, unit: str, person: Person) -> Range | None:
    """The range that certainly applies, if there is one."""
    found = ranges_for(code, unit, person)
    return found[0] if len(found) == 1 else None


def flag(code: str, unit: str, reported: tuple[str, str], person: Person) -> str:
    """`low` or `high` if certain; `reported` is the comparator and the number."""
    comparator, number = reported
    if not number:
        return ""
    found = {_side(row, comparator, Decimal(number)) for row in ranges_for(code, unit, person)}
    return found.pop() if len(found) == 1 else ""


def _side(row: Range, comparator: str, number: Decimal) -> str:
    if comparator.startswith(">"):
        return "high" if _is_high(row, number, beyond=comparator == ">") else ""
    if comparator.startswith("<"):
        return "low" if _is_low(row, number, beyond=comparator == "<") else ""
    if _is_low(row, number):
        return "low"
    return "high" if _is_high(row, number) else ""


def _is_low(row: Range, number: Decimal, *, beyond: bool = False) -> bool:
    """Whether the number, or every number below it, is below the range."""
    if not row.low:
        return False
    return number < Decimal(row.low) or (beyond and number == Decimal(row.low))


def _is_high(row: Range, number: Decimal, *, beyond: bool = False) -> bool:
    if row.under:
        return number >= Decimal(row.under)
    if not row.high:
        return False
    return number > Decimal(row.high) or (beyond and number == Decimal(row.high))
