"""The checker finds contradictions, and finds nothing where there are none."""

from dataclasses import replace

import pytest

from portal.access import Deed
from tests.drill.a_history import (
    BOOK_ENTRY,
    BOOKED,
    BOOKED_MAIL,
    HOLD_ENTRY,
    MOVED,
    OTHER,
    a_booking,
    a_cancellation,
    a_move,
    an_ordinary_day,
    booking,
    evidence,
    holding,
    moving,
    records,
    refused,
    write,
)
from tests.drill.checker import Evidence, check
from tests.drill.findings import Law
from tests.drill.ledger import Ledger, Outcome, Refusal, Seen


def found(what: Evidence) -> set[Law]:
    return {one.law for one in check(what)}


TWIN = replace(BOOKED, ref="twin", slot="slot-3")
BESIDE = replace(BOOKED, ref="other", reason="Else", patient=OTHER)
AGREE = {
    "a booking": a_booking(),
    "a move": a_move(),
    "a cancellation": a_cancellation(),
    "an ordinary day": an_ordinary_day(),
    "nothing": evidence(Ledger(), records()),
}


@pytest.mark.parametrize("what", AGREE.values(), ids=AGREE)
def test_nothing_is_found_without_a_contradiction(what: Evidence) -> None:
    assert check(what) == []


DISAGREE = {
    "lost": (booking(), records(), Law.LOST),
    "doubled": (booking(), records(BOOKED, TWIN), Law.DOUBLED),
    "refused but done": (refused(409), records(BOOKED), Law.REFUSED_BUT_DONE),
    "unknown and doubled": (booking(Outcome.UNKNOWN), records(BOOKED, TWIN), Law.DOUBLED),
    "unresolved": (booking(Outcome.UNKNOWN), records(BOOKED), Law.UNRESOLVED),
    "two patients": (booking(), records(BOOKED, BESIDE), Law.TWO_PATIENTS),
    "no audit entry": (booking(), records(BOOKED), Law.UNAUDITED),
    "two audit entries": (booking(), records(BOOKED, entries=[BOOK_ENTRY] * 2), Law.UNAUDITED),
    "a move lost": (moving(), records(), Law.LOST),
    "a move refused but done": (moving(Outcome.REFUSED), records(MOVED), Law.REFUSED_BUT_DONE),
    "a move done twice": (moving(), records(replace(MOVED, sequence=2)), Law.DOUBLED),
    "a move without an entry": (moving(), records(MOVED), Law.UNAUDITED),
    "a check-in that is not there": (write(Deed.CHECK_IN, "old"), records(), Law.LOST),
}


@pytest.mark.parametrize(("told", "after", "law"), DISAGREE.values(), ids=DISAGREE)
def test_each_contradiction_is_found(told, after, law) -> None:  # type: ignore[no-untyped-def]
    assert law in found(evidence(Ledger([told]), after))


def test_an_unknown_write_may_have_been_done_or_not() -> None:
    unknown = booking(Outcome.UNKNOWN, appointment=None)
    assert found(evidence(Ledger([unknown]), records())) == {Law.UNRESOLVED}
    done = records(BOOKED, entries=[BOOK_ENTRY])
    assert found(evidence(Ledger([unknown]), done, BOOKED_MAIL)) == {Law.UNRESOLVED}


def test_a_page_that_showed_something_impossible_is_found() -> None:
    assert found(a_booking(seen=[Seen("slot-1", "new", 0.0, 0.5)])) == {Law.IMPOSSIBLE}


def test_a_refusal_before_anybody_had_or_held_the_slot_is_found() -> None:
    beaten = refused(409, Refusal.SOMEBODY_WAS_FIRST, mark="Other", actor="somebody else")
    later = booking(began=3.0, ended=4.0)
    done = records(BOOKED, entries=[BOOK_ENTRY])
    assert found(evidence(Ledger([beaten, later]), done, BOOKED_MAIL)) == {Law.IMPOSSIBLE}
    held = records(BOOKED, entries=[HOLD_ENTRY, BOOK_ENTRY])
    ledger = Ledger([holding(began=0.5, ended=0.6), beaten, later])
    assert found(evidence(ledger, held, BOOKED_MAIL)) == set()


def test_a_hold_of_a_taken_slot_is_found() -> None:
    late = holding(actor="somebody else", began=3.0, ended=4.0)
    after = records(BOOKED, entries=[BOOK_ENTRY, replace(HOLD_ENTRY, actor="somebody else")])
    assert found(evidence(Ledger([booking(), late]), after, BOOKED_MAIL)) == {Law.IMPOSSIBLE}


def test_an_overlap_is_a_reason_only_where_there_is_one() -> None:
    """`slot-3` is hours away from the patient's appointment; `slot-0` is at the same time."""
    far = refused(409, Refusal.OVERLAPS, slot="slot-3")
    assert found(evidence(Ledger([far]), records())) == {Law.WRONGLY_REFUSED}
    for status, broken in ((400, set()), (409, set()), (403, {Law.WRONGLY_REFUSED})):
        same = refused(status, Refusal.OVERLAPS, slot="slot-0")
        assert found(evidence(Ledger([same]), records())) == broken


def test_a_visit_for_which_nobody_was_free_is_found() -> None:
    ledger = Ledger()
    ledger.turned_away["book"] += 1
    assert found(evidence(ledger, records())) == {Law.NOBODY_CAME}
