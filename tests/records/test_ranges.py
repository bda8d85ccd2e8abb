"""Ranges by unit, sex and age; low and high are said only where they are certain."""

import pytest

from portal.records.panels.rules import BY_CODE, PANELS, UNITS
from portal.records.ranges.rules import RANGES, Person, flag, range_for
from portal.vocabulary import AdministrativeGender

WOMAN = Person(AdministrativeGender.FEMALE, 40 * 12)
MAN = Person(AdministrativeGender.MALE, 40 * 12)
NOT_KNOWN = Person(AdministrativeGender.UNKNOWN, 40 * 12)
TODDLER = Person(AdministrativeGender.FEMALE, 18)

POTASSIUM = "2823-3", "mmol/L"
HAEMOGLOBIN = "718-7", "g/L"
CHOLESTEROL = "14647-2", "mmol/L"


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        (("", "3.5"), ""),
        (("", "5.3"), ""),
        (("", "5.30"), ""),
        (("", "5.31"), "high"),
        (("", "3.49"), "low"),
        (("<", "3.5"), "low"),
        (("<=", "3.5"), ""),
        (("<", "4.0"), ""),
        (("<", "9.9"), ""),
        ((">", "5.3"), "high"),
        ((">=", "5.3"), ""),
        ((">", "1.0"), ""),
        (("", ""), ""),
    ],
)
def test_a_flag_is_given_only_when_it_is_certain(reported: tuple[str, str], expected: str) -> None:
    assert flag(*POTASSIUM, reported, WOMAN) == expected


def test_no_bound_is_made_up() -> None:
    assert flag(*CHOLESTEROL, ("", "0.2"), WOMAN) == ""
    assert flag(*CHOLESTEROL, ("", "5.19"), WOMAN) == ""
    assert flag(*CHOLESTEROL, ("", "5.2"), WOMAN) == "high"
    assert flag(*CHOLESTEROL, (">=", "5.2"), WOMAN) == "high"
    assert flag(*HAEMOGLOBIN, ("", "250"), WOMAN) == ""


def test_ranges_differ_by_sex_and_age() -> None:
    assert flag(*HAEMOGLOBIN, ("", "125"), WOMAN) == ""
    assert flag(*HAEMOGLOBIN, ("", "125"), MAN) == "low"
    assert flag(*HAEMOGLOBIN, ("", "108"), TODDLER) == ""
    assert range_for(*POTASSIUM, TODDLER) is None


def test_what_holds_for_one_sex_only_is_not_said_of_somebody_whose_sex_is_not_known() -> None:
    assert flag(*HAEMOGLOBIN, ("", "125"), NOT_KNOWN) == ""
    assert flag(*HAEMOGLOBIN, ("", "119"), NOT_KNOWN) == "low"
    assert range_for(*HAEMOGLOBIN, NOT_KNOWN) is None


def test_another_unit_has_another_range() -> None:
    assert flag("718-7", "g/dL", ("", "11.9"), WOMAN) == "low"
    assert flag("718-7", "mg/L", ("", "11.9"), WOMAN) == ""


def test_each_range_is_of_a_unit_that_can_be_entered_and_names_its_source() -> None:
    assert [row for row in RANGES if (row.code, row.unit) not in UNITS] == []
    assert [row for row in RANGES if not row.source] == []


def test_each_code_and_each_field_is_of_one_analyte() -> None:
    analytes = [one for panel in PANELS.values() for one in panel.analytes]
    codes = [code for one in analytes for code in one.codes]
    fields = [one.field for one in analytes]
    assert len(codes) == len(set(codes)) == len(BY_CODE)
    assert len(fields) == len(set(fields))
