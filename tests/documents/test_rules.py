"""How documents are named, which open, which can be withdrawn."""

from datetime import date
from itertools import product

import pytest

from portal.documents import rules
from portal.errors import Refused

TODAY = date(2026, 3, 3)


def test_one_file_bears_the_title_and_several_are_numbered() -> None:
    assert rules.titles("Letter", ["a.pdf"]) == ["Letter"]
    assert rules.titles("Letter", ["a.pdf", "b.pdf"]) == ["Letter (1 of 2)", "Letter (2 of 2)"]
    assert rules.titles("", ["a.pdf", "b.tar.gz", ".hidden", "none"]) == [
        *("a", "b.tar", ".hidden", "none")
    ]


def test_no_title_is_longer_than_its_column() -> None:
    for title in rules.titles("x" * rules.TITLE_LENGTH, ["a", "b"]):
        assert len(title) == rules.TITLE_LENGTH
        assert title.endswith("of 2)")
    assert len(rules.titles("", ["y" * 255])[0]) == rules.TITLE_LENGTH


@pytest.mark.parametrize(
    ("text", "kept"), [("  a \n b ", "a b"), (None, ""), ("e\N{ZERO WIDTH JOINER}x", "e\u200dx")]
)
def test_a_line_is_one_line(text: str | None, kept: str) -> None:
    assert rules.clean_line(text, 10) == kept


@pytest.mark.parametrize("text", ["a\x00b", "x" * 11, "a\N{RIGHT-TO-LEFT OVERRIDE}b"])
def test_what_cannot_be_shown_or_kept_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Type this again|Shorten"):
        rules.clean_line(text, 10)


def test_a_document_is_of_the_past() -> None:
    rules.check_created_on(TODAY, TODAY)
    rules.check_created_on(date(1900, 1, 1), TODAY)
    for day in (date(2026, 3, 4), date(1895, 12, 31)):
        with pytest.raises(ValueError, match="The date on the document"):
            rules.check_created_on(day, TODAY)


def test_a_file_opens_only_when_nothing_speaks_against_it() -> None:
    for facts in product((False, True), repeat=5):
        waiting, rejected, damaged, withdrawn, clinician = facts
        why = rules.why_closed(
            waiting=waiting,
            rejected=rejected,
            damaged=damaged,
            withdrawn=withdrawn,
            clinician=clinician,
        )
        opens = not (waiting or rejected or damaged or (withdrawn and not clinician))
        assert (why is None) == opens, facts


def test_patients_take_back_only_what_they_brought() -> None:
    rules.require_withdrawable(acts_for_patient=True, from_patient=True)
    rules.require_withdrawable(acts_for_patient=False, from_patient=False)
    with pytest.raises(Refused, match="Only the hospital"):
        rules.require_withdrawable(acts_for_patient=True, from_patient=False)
