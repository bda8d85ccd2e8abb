"""Languages are listed under their own names and ours, and every tag keeps its form."""

import pytest

from portal.patients.registration.languages import LISTED, languages
from portal.text import clean_language_tag
from portal.words import UNLISTED, language_name


def test_every_listed_language_is_kept_as_it_is_and_has_a_name() -> None:
    names = languages("en_GB")

    assert [clean_language_tag(tag) for tag in LISTED] == list(LISTED)
    assert set(names) == {*LISTED, UNLISTED}
    assert [tag for tag, name in names.items() if name == tag] == []


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "English"),
        ("pl", "Polski (Polish)"),
        ("pt-BR", "Português (Brasil) (Portuguese (Brazil))"),
        ("ka", "ქართული (Georgian)"),
        ("prs", "دری (Dari)"),
        ("bfi", "British Sign Language"),
        ("en-US", "English (United States)"),
        ("und", "Another language"),
        ("xx", "xx"),
        ("not a tag", "not a tag"),
    ],
)
def test_a_language_has_its_own_name_and_ours(tag: str, name: str) -> None:
    assert language_name(tag, "en_GB") == name


def test_the_hospitals_language_comes_first_and_names_the_others() -> None:
    assert list(languages("en_GB"))[:3] == ["en", "sq", "am"]
    assert next(iter(languages("es"))) == "es"
    assert list(languages("es"))[-1] == UNLISTED
    assert language_name("pl", "es") == "Polski (polaco)"
