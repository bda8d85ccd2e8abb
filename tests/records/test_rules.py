"""Words with the same meaning, dates that are known in part, and numbers as they are typed."""

from datetime import date
from decimal import Decimal

import pytest

from portal.errors import Refused, Unfit
from portal.records import rules
from portal.records.allergies.rules import speaks_against, substance_key
from portal.records.medications.rules import Taken, taken
from portal.records.notes.rules import LONGEST, clean_note
from portal.records.observations import rules as vitals
from portal.records.observations.trends import thinned

BORN, TODAY = date(1984, 3, 27), date(2026, 3, 3)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("2019", "2019"),
        ("5 2019", "2019-05"),
        ("05/2019", "2019-05"),
        ("12 5 2019", "2019-05-12"),
        ("2019-5-2", "2019-05-02"),
    ],
)
def test_a_date_may_be_known_in_part(typed: str, kept: str) -> None:
    assert rules.partial_date(typed) == kept


@pytest.mark.parametrize(
    "typed", ["19", "yesterday", "13 2019", "31 2 2019", "٢٠١٩", "2019-", "0000"]
)
def test_text_that_is_not_a_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="Enter a year"):
        rules.partial_date(typed)


@pytest.mark.parametrize(
    ("partial", "said"),
    [
        ("0202", "within the last 130 years"),
        ("1983", "before the patient was born"),
        ("1984-02", "before the patient was born"),
        ("2026-04", "today or in the past"),
        ("2027", "today or in the past"),
    ],
)
def test_dates_before_birth_and_in_the_future_are_refused(partial: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rules.check_partial(partial, BORN, TODAY)


@pytest.mark.parametrize("partial", ["1984", "1984-03", "2026", "2026-03", "2026-03-03", ""])
def test_a_partial_date_is_an_interval(partial: str) -> None:
    rules.check_partial(partial, BORN, TODAY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Penicillin", "PENICILLIN "),
        ("penicillin", "Penicillin V"),
        ("Penicilin", "penicillins"),
        ("Paracetamol", "acetaminophen"),
        ("Sulphonamide", "sulfonamides"),
        ("Peanut", "peanuts"),
        ("Latex allergy", "natural rubber latex"),
        ("Crème fraîche", "creme fraiche"),
        ("🥜", "peanuts"),
    ],
)
def test_one_substance_has_one_key(one: str, other: str) -> None:
    assert substance_key(one) == substance_key(other)


def test_other_substances_have_other_keys() -> None:
    names = ["penicillin", "latex", "peanut", "青霉素", "花粉", "codeine", "iodine"]
    assert len({substance_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("allergy", "medicine", "asks"),
    [
        ("penicillin", "Amoxicillin 500 mg capsules", True),
        ("Amoxicillin", "Co-amoxiclav 625 mg", True),
        ("Aspirin", "Ibuprofen 400 mg tablets", True),
        ("Codeine", "Co-codamol with codeine 30 mg", True),
        ("Latex", "Amoxicillin 500 mg", False),
        ("penicillin", "Doxycycline 100 mg", False),
        ("peanut", "Paracetamol 500 mg", False),
    ],
)
def test_an_allergy_warns_of_its_own_substance_and_family(
    allergy: str, medicine: str, asks: bool
) -> None:
    assert speaks_against(allergy, medicine) is asks


@pytest.mark.parametrize("typed", ["72.50", "38.0", "177", "80.15", ""])
def test_a_number_is_kept_as_it_was_typed(typed: str) -> None:
    kept = typed
    for _ in range(10):
        kept = vitals.clean_number(kept)
    assert kept == typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12,5", "with a point"),
        ("120/80", "Enter one number here"),
        ("1e5", "in digits"),
        ("١٢٠", "in digits"),
        ("-5", "in digits"),
        ("abc", "in digits"),
        ("NaN", "in digits"),
        ("99999", "in digits"),
    ],
)
def test_text_that_is_not_a_number_is_explained(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        vitals.clean_number(typed)


def test_impossible_is_refused_unusual_is_asked_about_and_high_is_flagged() -> None:
    adult = 40 * 12
    with pytest.raises(Unfit, match="between 10 and 100") as fault:
        vitals.check({"saturation": "101"})
    assert fault.value.field == "saturation"
    assert vitals.unusual({"weight": "300"}, adult) == ("Weight 300 kg is unusual at this age.",)
    assert vitals.unusual({"temperature": "39.5"}, adult) == ()
    assert vitals.flag("8310-5", "39.5", adult) == "high"
    assert vitals.flag("8310-5", "39.5", 6) == ""
    assert vitals.flag("29463-7", "300", adult) == ""


def test_a_newborns_grams_are_told_apart_from_kilograms() -> None:
    with pytest.raises(Unfit, match=r"If you typed grams, enter 3\.4"):
        vitals.check({"weight": "3400"})
    vitals.check({"weight": "3.4"})
    assert vitals.unusual({"weight": "3.4"}, 0) == ()
    assert vitals.unusual({"weight": "34"}, 0) != ()


def test_a_lower_number_above_the_upper_one_is_refused() -> None:
    with pytest.raises(Unfit, match="below the upper one"):
        vitals.check({"systolic": "80", "diastolic": "120"})


def test_empty_vital_signs_are_refused() -> None:
    with pytest.raises(Refused, match="at least one"):
        vitals.check({"pulse": "", "weight": ""})


def test_the_body_mass_index_needs_both() -> None:
    assert vitals.body_mass_index({"weight": "80.15", "height": "177"}) == "25.6"
    assert vitals.body_mass_index({"weight": "80.15", "height": ""}) == ""


@pytest.mark.parametrize(
    ("ends", "stopped", "where"),
    [
        (None, None, Taken.CURRENT),
        (TODAY, None, Taken.CURRENT),
        (date(2026, 3, 2), None, Taken.ENDED),
        (None, TODAY, Taken.ENDED),
        (None, date(2026, 3, 4), Taken.CURRENT),
    ],
)
def test_a_medicine_is_current_by_its_dates(
    ends: date | None, stopped: date | None, where: Taken
) -> None:
    assert taken(date(2026, 1, 1), ends, stopped, TODAY) is where


def test_a_medicine_of_tomorrow_is_planned() -> None:
    assert taken(date(2026, 3, 4), None, None, TODAY) is Taken.PLANNED


def test_a_note_keeps_its_lines_and_loses_only_what_cannot_be_shown() -> None:
    assert clean_note("One\r\n\r\n  two\x00\x07\ttab") == "One\n\n  two\ttab"
    with pytest.raises(ValueError, match="Shorten"):
        clean_note("x" * (LONGEST + 1))


def test_a_thinned_picture_keeps_the_smallest_and_the_largest() -> None:
    values = [Decimal(50 + number * 7 % 31) for number in range(2000)]
    values[777], values[1234] = Decimal(3), Decimal(250)
    kept = thinned(values)
    assert len(kept) <= 120
    assert {0, 777, 1234, 1999} <= set(kept)
