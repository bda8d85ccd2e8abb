"""Histories that an earlier checker accepted: each is wrong in one thing, and is refused for it."""

from dataclasses import replace

import pytest

from portal.access import Deed
from tests.drill.a_history import (
    BOOK_ENTRY,
    BOOKED,
    BOOKED_MAIL,
    CANCELLED,
    CANCELLED_MAIL,
    FILES,
    OLD,
    OTHER,
    PAPER,
    SLOTS,
    a_booking,
    a_move,
    booking,
    entry,
    evidence,
    holding,
    records,
    refused,
)
from tests.drill.checker import Evidence, check
from tests.drill.findings import Law
from tests.drill.ledger import Asked, Fate, Ledger, Outcome, Refusal, Shown, SignIn

DONE = records(BOOKED, entries=[BOOK_ENTRY])
HANDED_IN = PAPER.__class__("sent", "Title", "patient", "good", "file-1")


def without_mail() -> Evidence:
    return evidence(Ledger([booking()]), DONE)


def mail_twice_under_two_ids() -> Evidence:
    again = replace(BOOKED_MAIL, message_id="<9@hospital>")
    return evidence(Ledger([booking()]), DONE, BOOKED_MAIL, again)


def answered(status: int, refusal: Refusal = Refusal.OTHER) -> Evidence:
    return evidence(Ledger([refused(status, refusal)]), records())


def refused_long_after_a_hold() -> Evidence:
    hold = holding(began=0.1, ended=0.2)
    late = refused(409, Refusal.SOMEBODY_WAS_FIRST, actor="somebody else", began=400.0, ended=401.0)
    entries = [entry(Deed.HOLD_SLOT, "Slot/slot-1")]
    return evidence(Ledger([hold, late]), records(entries=entries))


def busy_for_ever() -> Evidence:
    """The holder's booking was refused with a good reason, and the slot stayed busy."""
    slots = {**records().slots, "slot-1": replace(SLOTS["slot-1"], status="busy")}
    return evidence(Ledger(), records(slots=slots))


def cancelled_by_nobody() -> Evidence:
    entries = [entry(Deed.CANCEL_APPOINTMENT, "Appointment/old")]
    return evidence(Ledger(), records(CANCELLED, entries=entries), CANCELLED_MAIL)


def phantom() -> Evidence:
    return evidence(Ledger(), DONE, BOOKED_MAIL)


def in_another_record() -> Evidence:
    strayed = replace(BOOKED, patient=OTHER)
    to_the_other = replace(BOOKED_MAIL, to="ben@example.org")
    after = records(strayed, entries=[replace(BOOK_ENTRY, patient=OTHER)])
    return evidence(Ledger([booking()]), after, to_the_other)


def entry_of_nothing() -> Evidence:
    entries = [BOOK_ENTRY, entry(Deed.MOVE_APPOINTMENT, "Appointment/nowhere")]
    return evidence(Ledger([booking()]), records(BOOKED, entries=entries), BOOKED_MAIL)


def hold_without_an_entry() -> Evidence:
    return evidence(Ledger([holding()]), records())


def row_without_its_file() -> Evidence:
    return evidence(Ledger(), records(), files={})


def file_of_nobody() -> Evidence:
    return evidence(Ledger(), records(), files={**FILES, "file-9": "half a letter"})


def own_page(status: int) -> Evidence:
    asked = Asked(1, 0.0, 1.0, writes=False, fate=Fate.GOOD, status=status, path="/patients/x")
    return evidence(Ledger(asked=[asked]), records())


def sign_in_page() -> Evidence:
    asked = Asked(1, 0.0, 1.0, writes=False, fate=Fate.GOOD, status=200, path="/session-ended")
    return evidence(Ledger(asked=[asked]), records())


def showing(known: dict[str, str], shown: dict[str, str]) -> Evidence:
    return evidence(Ledger(shown=[Shown("a page", known, shown)]), records())


def wrong_bytes(outcome: Outcome) -> Evidence:
    sent = booking(outcome)
    sent.deed, sent.mark, sent.slot, sent.appointment = Deed.ADD_DOCUMENT, "Title", None, None
    stored = replace(HANDED_IN, sha256="bad")
    entries = [entry(Deed.ADD_DOCUMENT, "DocumentReference/sent")]
    documents = {PAPER.ref: PAPER, "sent": stored}
    return evidence(
        Ledger([sent], uploads={"Title": "good"}),
        records(documents=documents, entries=entries),
        files={**FILES, "file-1": "bad"},
    )


WRONG = {
    "acknowledged, and the email never came": (without_mail(), Law.NEVER_TOLD),
    "the email came twice under two message ids": (mail_twice_under_two_ids(), Law.TOLD_TWICE),
    **{
        f"a write answered {status}": (answered(status), Law.WRONGLY_REFUSED)
        for status in (400, 403, 404, 409, 429)
    },
    "a signed-in form answered “session ended”": (
        answered(302, Refusal.SIGNED_OUT),
        Law.WRONGLY_REFUSED,
    ),
    "a reason that comes with the wrong status": (
        answered(404, Refusal.SOMEBODY_WAS_FIRST),
        Law.WRONGLY_REFUSED,
    ),
    "somebody was first, 400 s after a hold": (refused_long_after_a_hold(), Law.IMPOSSIBLE),
    "a slot that stays busy": (busy_for_ever(), Law.IMPOSSIBLE),
    "an untouched appointment cancelled": (cancelled_by_nobody(), Law.UNASKED),
    "a phantom booking": (phantom(), Law.UNASKED),
    "after a move the page shows the old time": (
        a_move(times=[("slot-0", "at 9"), ("slot-2", "at 11"), ("slot-2", "at 9")]),
        Law.WRONG_PAGE,
    ),
    "every page shows the same time": (
        a_move(times=[("slot-0", "at 9"), ("slot-2", "at 9")]),
        Law.WRONG_PAGE,
    ),
    "after a booking, somebody else's page": (
        a_booking(shown=[Shown("appointment", {"patient": "patient"}, {"patient": OTHER})]),
        Law.WRONG_PAGE,
    ),
    "a booking in another patient's record": (in_another_record(), Law.WRONG_PATIENT),
    "an appointment that was somebody else's": (
        evidence(Ledger(), records(replace(OLD, patient=OTHER))),
        Law.WRONG_PATIENT,
    ),
    "an audit entry of what never happened": (entry_of_nothing(), Law.UNAUDITED),
    "an audit entry that names somebody else": (
        evidence(
            Ledger([booking()]),
            records(BOOKED, entries=[replace(BOOK_ENTRY, actor="else")]),
            BOOKED_MAIL,
        ),
        Law.UNAUDITED,
    ),
    "a hold without an entry": (hold_without_an_entry(), Law.UNAUDITED),
    "a row that names a missing file": (row_without_its_file(), Law.MISSING),
    "a file that nobody sent": (file_of_nobody(), Law.MISSING),
    "sign-in always 400": (
        evidence(Ledger(sign_ins=[SignIn(1, succeeded=False, status=400)]), records()),
        Law.WRONGLY_REFUSED,
    ),
    "a search always empty": (showing({"found": "Patient/x"}, {}), Law.WRONG_PAGE),
    "fields that are not what was typed": (
        showing({"given": "Ann"}, {"given": "Ben"}),
        Law.WRONG_PAGE,
    ),
    **{f"own pages {status}": (own_page(status), Law.SHUT_OUT) for status in (403, 404)},
    "own pages lead to the sign-in": (sign_in_page(), Law.SHUT_OUT),
    "a waiting page that lost fields": (
        evidence(Ledger(waiting=[Shown("booking", {"about": "Mark"}, {})]), records()),
        Law.TYPED_AND_LOST,
    ),
    "an upload that nobody acknowledged, with wrong bytes": (
        wrong_bytes(Outcome.UNKNOWN),
        Law.ALTERED,
    ),
    "an acknowledged upload with wrong bytes": (wrong_bytes(Outcome.ACKNOWLEDGED), Law.ALTERED),
    "a document that vanished": (evidence(Ledger(), records(documents={}), files={}), Law.LOST),
}


@pytest.mark.parametrize(("what", "law"), WRONG.values(), ids=WRONG)
def test_it_is_refused(what: Evidence, law: Law) -> None:
    assert law in {one.law for one in check(what)}
