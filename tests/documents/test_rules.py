"""How documents are named, which can be opened, and which can be withdrawn."""

from itertools import product

import pytest

from portal.documents import rules
from portal.errors import Refused
from portal.text import LINE_LENGTH
from portal.vocabulary import DocumentReferenceStatus, Origin, Relationship, Scan


def test_one_file_gets_the_title_and_several_are_numbered() -> None:
    assert rules.titles("Letter", ["a.pdf"]) == ["Letter"]
    assert rules.titles("Letter", ["a.pdf", "b.pdf"]) == ["Letter (1 of 2)", "Letter (2 of 2)"]
    assert rules.titles("", ["a.pdf", "b.tar.gz", ".hidden", "none"]) == [
        *("a", "b.tar", ".hidden", "none")
    ]


def test_no_title_is_longer_than_its_column() -> None:
    for title in rules.titles("x" * LINE_LENGTH, ["a", "b"]):
        assert len(title) == LINE_LENGTH
        assert title.endswith("of 2)")
    assert len(rules.titles("", ["y" * 255])[0]) == LINE_LENGTH


def test_a_file_opens_only_when_it_is_checked_and_not_withdrawn_or_damaged() -> None:
    for scan, status, damaged, clinician in product(
        Scan, DocumentReferenceStatus, (False, True), (False, True)
    ):
        why = rules.why_closed(scan, status, damaged=damaged, clinician=clinician)
        withdrawn = status is DocumentReferenceStatus.ENTERED_IN_ERROR
        opens = scan is Scan.CLEAN and not damaged and (clinician or not withdrawn)
        assert (why is None) == opens, (scan, status, damaged, clinician)


def test_a_file_is_closed_for_the_reason_that_its_sender_can_act_on() -> None:
    wrong = DocumentReferenceStatus.ENTERED_IN_ERROR
    for scan, words in ((Scan.REJECTED, rules.REJECTED), (Scan.WAITING, rules.WAITS)):
        assert rules.why_closed(scan, wrong, damaged=True, clinician=False) == words


def test_patients_withdraw_only_what_they_sent() -> None:
    for acted_for_as in Relationship:
        rules.require_withdrawable(Origin.PATIENT, acted_for_as)
        with pytest.raises(Refused, match="Only the hospital"):
            rules.require_withdrawable(Origin.HOSPITAL, acted_for_as)
    for origin in Origin:
        rules.require_withdrawable(origin, None)
