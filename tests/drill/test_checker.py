"""The checker finds what does not agree, and nothing where all agrees."""

from collections import Counter
from collections.abc import Sequence

import pytest

from portal.access import Deed
from tests.drill.checker import Law, check
from tests.drill.ledger import Ledger, Outcome, Seen, Write
from tests.drill.mail_sink import MailSink
from tests.drill.population import Person, Population
from tests.drill.records import Kept, Records

SOMEBODY = Person("account")
NOBODY = Population([SOMEBODY], [], [], [], [], [], [], [(SOMEBODY, "old", "slot-0")], [])
OLD = Kept("old", "slot-0", "booked", "", None, 0)


def write(deed: Deed, mark: str, outcome: Outcome, **facts: object) -> Write:
    return Write(deed, mark, 1.0, outcome=outcome, ended=2.0, **facts)  # type: ignore[arg-type]


def booking(outcome: Outcome = Outcome.ACKNOWLEDGED) -> Write:
    return write(Deed.BOOK_APPOINTMENT, "Mark", outcome, slot="slot-1", appointment="new")


def kept(*appointments: Kept, audited: Sequence[tuple[Deed, str]] = ()) -> Records:
    by_ref = {one.ref: one for one in (OLD, *appointments)}
    return Records(
        by_ref,
        {},
        Counter((deed.value, entity) for deed, entity in audited),
        frozenset(one.slot for one in by_ref.values() if one.has_the_slot),
    )


BOOKED = Kept("new", "slot-1", "booked", "Mark", None, 0)
BOOKED_TOO = Kept("twin", "slot-2", "booked", "Mark", None, 0)
BESIDE = Kept("other", "slot-1", "booked", "Else", None, 0)
MOVED = Kept("old", "slot-1", "booked", "", None, 1)
CANCELLED = Kept("old", "slot-0", "cancelled", "", "Mark", 1)
ENTRY = Deed.BOOK_APPOINTMENT, "Appointment/new"
MOVE_ENTRY = Deed.MOVE_APPOINTMENT, "Appointment/old"


def move(outcome: Outcome = Outcome.ACKNOWLEDGED) -> Write:
    return write(
        Deed.MOVE_APPOINTMENT, "old", outcome, slot="slot-1", left="slot-0", appointment="old"
    )


def found(ledger: Ledger, records: Records, mail: MailSink | None = None) -> set[Law]:
    return {one.law for one in check(ledger, records, NOBODY, mail or MailSink())}


AGREE = {
    "a booking": (booking(), kept(BOOKED, audited=[ENTRY])),
    "a refusal": (booking(Outcome.REFUSED), kept()),
    "a move": (move(), kept(MOVED, audited=[MOVE_ENTRY])),
}


@pytest.mark.parametrize(("told", "records"), AGREE.values(), ids=AGREE)
def test_nothing_is_found_where_all_agrees(told: Write, records: Records) -> None:
    assert found(Ledger([told]), records) == set()


DISAGREE = {
    "lost": (booking(), kept(), Law.LOST),
    "doubled": (booking(), kept(BOOKED, BOOKED_TOO), Law.DOUBLED),
    "refused but done": (booking(Outcome.REFUSED), kept(BOOKED), Law.REFUSED_BUT_DONE),
    "unknown and doubled": (booking(Outcome.UNKNOWN), kept(BOOKED, BOOKED_TOO), Law.DOUBLED),
    "unresolved": (booking(Outcome.UNKNOWN), kept(BOOKED), Law.UNRESOLVED),
    "two patients": (booking(), kept(BOOKED, BESIDE, audited=[ENTRY]), Law.TWO_PATIENTS),
    "no audit entry": (booking(), kept(BOOKED), Law.UNAUDITED),
    "two audit entries": (booking(), kept(BOOKED, audited=[ENTRY, ENTRY]), Law.UNAUDITED),
    "a move lost": (move(), kept(), Law.LOST),
    "a move refused but done": (move(Outcome.REFUSED), kept(MOVED), Law.REFUSED_BUT_DONE),
    "a move without an entry": (move(), kept(MOVED), Law.UNAUDITED),
}


@pytest.mark.parametrize(("told", "records", "law"), DISAGREE.values(), ids=DISAGREE)
def test_what_does_not_agree_is_found(told: Write, records: Records, law: Law) -> None:
    assert law in found(Ledger([told]), records)


def test_an_unknown_write_may_have_been_done_or_not() -> None:
    for records in (kept(), kept(BOOKED, audited=[ENTRY])):
        assert found(Ledger([booking(Outcome.UNKNOWN)]), records) == {Law.UNRESOLVED}


def test_a_slot_that_says_free_and_is_not() -> None:
    records = kept(BOOKED, audited=[ENTRY])
    forgotten = Records(records.appointments, {}, records.audited, frozenset({"slot-0"}))
    assert found(Ledger([booking()]), forgotten) == {Law.IMPOSSIBLE}


def test_somebody_who_saw_what_can_not_have_been() -> None:
    ledger = Ledger([booking()], seen=[Seen("slot-1", "new", 0.0, 0.5)])
    assert found(ledger, kept(BOOKED, audited=[ENTRY])) == {Law.IMPOSSIBLE}


def test_who_was_refused_before_anybody_had_the_slot_or_held_it() -> None:
    refused = booking(Outcome.REFUSED)
    refused.mark, refused.somebody_was_first = "Other", True
    later = booking()
    later.began, later.ended = 3.0, 4.0
    hold = write(Deed.HOLD_SLOT, "slot-1", Outcome.ACKNOWLEDGED)
    records = kept(BOOKED, audited=[ENTRY])

    assert found(Ledger([refused, later]), records) == {Law.IMPOSSIBLE}
    assert found(Ledger([hold, refused, later]), records) == set()


def test_a_message_that_went_twice() -> None:
    mail = MailSink()
    mail.copies.update(["one", "one", "another"])
    assert found(Ledger(), kept(), mail) == {Law.TOLD_TWICE}
