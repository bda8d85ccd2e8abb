"""Folding of names, search terms, and reading the one search box."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.patients.registration.rules import hospital_number
from portal.patients.search import rules
from portal.patients.search.criteria import parse_search

TODAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("O'Keefe", ["okeefe"]),
        ("O’Keefe", ["okeefe"]),
        ("Łukasz Strauß", ["lukasz", "strauss"]),
        ("Øystein Æsa", ["oystein", "aesa"]),
        ("José", ["jose"]),
        ("Jose\u0301", ["jose"]),
        ("İpek Işık", ["ipek", "isik"]),
        ("Иван", ["ivan"]),
        ("García-López", ["garcia", "lopez"]),
        ("Abshire638", ["abshire638"]),
        ("\ud800\x00 😀", ["grinning"]),
        ("", []),
    ],
)
def test_names_are_folded_to_plain_words(name: str, folded: list[str]) -> None:
    assert rules.words(name) == folded


def terms(family: str = "Okafor", phone: str | None = None) -> frozenset[str]:
    return rules.search_terms(
        family=family,
        given="Amina",
        birth_date=date(1984, 3, 27),
        hospital_number="9434765919",
        phone=phone,
    )


def test_a_patient_is_found_by_names_birth_date_number_and_phone() -> None:
    found = terms(phone="07700 900123")

    words = {"okafor", "amina", "/amina okafor", "/okafor amina"}
    assert found == words | {"=19840327", "#9434765919", "+321009007"}


def test_a_double_name_is_found_by_its_parts_and_as_a_whole() -> None:
    assert {"garcia", "lopez", "garcialopez"} < terms("García-López")
    assert {"van", "der", "berg", "vanderberg"} < terms("van der Berg")


def test_a_name_written_without_spaces_is_found_as_such() -> None:
    found = rules.search_terms(
        family="王",
        given="小明",
        birth_date=date(1984, 3, 27),
        hospital_number="9434765919",
        phone=None,
    )

    assert set(rules.words("王小明")) < found
    assert "okaforamina" not in terms()


def test_the_pairs_of_a_long_name_are_limited() -> None:
    assert sum(term.startswith("/") for term in terms("a b c d e f g h i j k")) == 6 * 5


@pytest.mark.parametrize(
    "phone",
    [
        "+44 7700 900123",
        "0044 (0)7700 900-123",
        "07700900123",
        "07700 900123 ext. 12",
        "٠٧٧٠٠٩٠٠١٢٣",
    ],
)
def test_national_and_international_forms_of_a_phone_number_agree(phone: str) -> None:
    assert rules.phone_ending(phone) == "321009007"


@given(st.text(max_size=200), st.text(max_size=200), st.none() | st.text(max_size=40))
def test_terms_of_any_name_fit_their_column(family: str, given: str, phone: str | None) -> None:
    found = rules.search_terms(
        family=family,
        given=given,
        birth_date=date(1, 1, 1),
        hospital_number="9434765919",
        phone=phone,
    )

    assert all(term.isascii() and 0 < len(term) <= rules.TERM_LENGTH for term in found)


def prefixes(text: str) -> list[tuple[str, ...]]:
    return [criterion.prefixes for criterion in parse_search(text, today=TODAY).criteria]


@pytest.mark.parametrize(
    "text",
    [
        "27/3/1984",
        "27.03.1984",
        "27-3-1984",
        "27 3 1984",
        "27 / 03 / 1984",
        "1984-03-27",
        "1984/3/27",
        "27 Mar 1984",
        "27th March, 1984",
        "27-MAR-84",
        "27mar1984",
        "March 27, 1984",
        "27.03.84",
        "3/27/1984",
        "２７/３/１９８４",
    ],
)
def test_a_date_of_birth_is_read_in_many_forms(text: str) -> None:
    assert prefixes(text) == [("=19840327",)]


def test_a_year_of_two_digits_may_be_of_either_century() -> None:
    assert prefixes("1.2.20") == [("=19200201", "=20200201")]
    assert prefixes("1.2.27") == [("=19270201",)]


def test_an_impossible_date_finds_nobody() -> None:
    assert ("31",) in prefixes("amina 31/2/1984")


NUMBER = hospital_number(943_476_591)
SPACED = f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}"


@pytest.mark.parametrize("text", [NUMBER, SPACED, SPACED.replace(" ", "-")])
def test_a_hospital_number_is_read_with_and_without_spaces(text: str) -> None:
    search = parse_search(text, today=TODAY)

    assert search.criteria[0].prefixes[0] == f"#{NUMBER}"
    assert not search.mistyped_number


def test_a_mistyped_hospital_number_is_noticed() -> None:
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)

    assert parse_search(wrong, today=TODAY).mistyped_number


def test_numbers_that_may_mean_several_things_keep_all_their_meanings() -> None:
    assert prefixes("1984") == [("=1984", "#1984", "+4891")]
    assert prefixes("27031984")[0][0] == "=19840327"
    assert prefixes("0123") == [("#0123", "+3210")]


@pytest.mark.parametrize("text", ["+44 7700 900123", "07700 900123", "(07700) 900-123"])
def test_a_phone_number_is_read_in_its_forms(text: str) -> None:
    assert prefixes(text) == [("+321009007",)]


def test_everything_may_come_in_any_order() -> None:
    one = prefixes("Okafor, Amina 27/3/1984 07700 900123")
    other = prefixes("07700900123 amina 1984-03-27 OKAFOR")

    assert sorted(one) == sorted(other)
    assert sorted(one) == [("+321009007",), ("=19840327",), ("amina",), ("okafor",)]


@pytest.mark.parametrize("text", ["", "   ", "!?", "\x00", "\ud800"])
def test_an_empty_search_has_no_terms(text: str) -> None:
    assert prefixes(text) == []


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    search = parse_search(text, today=TODAY)

    assert len(search.criteria) <= 6
    assert all(prefix.isascii() for criterion in search.criteria for prefix in criterion.prefixes)
