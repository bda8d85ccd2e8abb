"""Text about a person may be in any script, but contains nothing invisible and is not too long."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import text as rules
from portal.models import Patient
from portal.text import (
    check_past,
    clean_email,
    clean_language_tag,
    clean_line,
    clean_name,
    clean_paragraph,
    clean_phone,
)

TODAY = date(2026, 3, 3)
CLEANERS = (
    clean_name,
    clean_line,
    clean_paragraph,
    clean_phone,
    clean_email,
    clean_language_tag,
)


@pytest.mark.parametrize(
    "name",
    ["Amina", "O'Keefe", "O’Keefe", "García-López", "van der Berg", "Nguyễn", "王小明", "Иван",
     "محمد", "می\u200cخواهم", "Jr. (Bob)", "Abshire638", "Ng", "d'Été"],
)  # fmt: skip
def test_names_of_any_script_are_kept_as_they_are(name: str) -> None:
    assert clean_name(name) == name


def test_spaces_are_put_in_order() -> None:
    assert clean_name("  Maria \t José\u00a0 ") == "Maria José"


@pytest.mark.parametrize(
    "name", ["a\x00b", "\ud800", "a\u202eb", "😀", "<b>", "12", "--", "x" * 101]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z]"):
        clean_name(name)


@pytest.mark.parametrize(
    "phone",
    [
        "07700 900123",
        "+44 (0)7700 900123",
        "555-123-4567 x12",
        "０７７００ ９００１２３",
        "01.23.45.67.89",
    ],
)
def test_phone_numbers_of_many_forms(phone: str) -> None:
    assert clean_phone(phone)


@pytest.mark.parametrize("phone", ["call me", "123", "1" * 21, "07700\x00900123", "'; --12345"])
def test_other_phone_numbers_are_refused(phone: str) -> None:
    with pytest.raises(ValueError, match=r"phone number|again"):
        clean_phone(phone)


@pytest.mark.parametrize("email", ["a@b.example", "a.b+c@d-e.example.org", "amina@exämple.org"])
def test_plausible_addresses(email: str) -> None:
    assert clean_email(email) == email


@pytest.mark.parametrize(
    "email",
    ["a", "a@b", "a@@b.c", "a b@c.de", "a@b.c,d@e.fg", "a@.de", "x" * 250 + "@a.de", "a@b..c"],
)
def test_other_addresses_are_refused(email: str) -> None:
    with pytest.raises(ValueError, match="email address"):
        clean_email(email)


@pytest.mark.parametrize("email", ["josé@example.org", "ünï@example.org"])
def test_an_address_that_our_mail_cannot_reach_is_explained(email: str) -> None:
    with pytest.raises(ValueError, match="without accented letters before the @"):
        clean_email(email)


def test_a_paragraph_keeps_its_lines() -> None:
    assert clean_paragraph(" 12 Mill Lane\r\n\r\nAshcombe \rAS1") == "12 Mill Lane\nAshcombe\nAS1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("HAW", "haw"),
        ("pt-br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("en_US", "en-US"),
        ("", ""),
    ],
)
def test_language_tags_get_their_usual_case(typed: str, kept: str) -> None:
    assert clean_language_tag(typed) == kept


@pytest.mark.parametrize("typed", ["english please", "e", "-", "en--gb", "x" * 20, "日本"])
def test_other_language_tags_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="language code"):
        clean_language_tag(typed)


@pytest.mark.parametrize("born", [date(2026, 3, 3), date(1896, 1, 1), date(1984, 2, 29)])
def test_possible_dates_of_birth(born: date) -> None:
    check_past(born, TODAY, "Date of birth")


@pytest.mark.parametrize("born", [date(2026, 3, 4), date(1895, 12, 31), date(84, 3, 27)])
def test_impossible_dates_of_birth(born: date) -> None:
    with pytest.raises(ValueError, match="Date of birth"):
        check_past(born, TODAY, "Date of birth")


@given(st.sampled_from(CLEANERS), st.text(max_size=600) | st.none())
def test_whatever_is_typed_is_cleaned_or_refused_in_words(
    clean: Callable[[str | None], str], text: str | None
) -> None:
    try:
        kept = clean(text)
    except ValueError as fault:
        told = str(fault)
    else:
        told = "Kept"
        assert clean(kept) == kept
        assert kept.encode().count(0) == 0
    assert told[0].isupper()


def test_the_limits_are_those_of_the_columns() -> None:
    def length(column: str) -> int:
        kind: Any = Patient.__table__.c[column].type
        return int(kind.length)

    assert length("family") == length("given") == rules.NAME_LENGTH
    assert length("emergency_relationship") == rules.NAME_LENGTH
    assert length("emergency_name") == rules.LINE_LENGTH
    assert length("phone") == length("emergency_phone") == rules.PHONE_LENGTH
    assert length("email") == rules.EMAIL_LENGTH
    assert length("address") == rules.PARAGRAPH_LENGTH
    assert length("language") == 16


def test_a_line_is_one_line() -> None:
    assert clean_line("a\nb") == "a b"
