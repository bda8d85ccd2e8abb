"""Checks the answers that people got: each refusal needs a reason in the history, and pages must be right."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from portal.access import Deed
from tests.drill.findings import Finding, Law
from tests.drill.ledger import Ledger, Outcome, Refusal, Write
from tests.drill.records import Records
from tests.drill.settings import MOST_AHEAD

NOT_SIGNED_IN = ("/sign-in", "/session-ended", "/signed-out")
CONFLICT, RULE = 409, (400, 409)
"""The status when somebody else was faster; the statuses when a rule of the hospital forbids it."""


def findings(ledger: Ledger, before: Records, after: Records) -> Iterator[Finding]:
    spans = _spans(ledger, before)
    for write in ledger.of(Outcome.REFUSED):
        if not _has_a_reason(write, spans.get(write.patient, []), after):
            why = write.refusal.value if write.refusal else "nothing said"
            what = f"{write.deed.value} ({write.status}): {why}"
            yield Finding(Law.WRONGLY_REFUSED, what)
    yield from _of_pages(ledger)
    yield from _of_sign_ins(ledger)
    yield from _of_times(ledger, after)
    for law, pages in ((Law.WRONG_PAGE, ledger.shown), (Law.TYPED_AND_LOST, ledger.waiting)):
        for one in pages:
            wrong = [name for name, value in one.known.items() if one.shown.get(name) != value]
            if wrong:
                yield Finding(law, f"{one.page}: {', '.join(wrong)}")


@dataclass(frozen=True)
class _Span:
    """A patient may have had an appointment in the slot between two moments."""

    slot: str
    since: float
    until: float


def _spans(ledger: Ledger, before: Records) -> dict[str, list[_Span]]:
    taken = [
        (one.patient, one.slot, -inf) for one in before.appointments.values() if one.has_the_slot
    ]
    taken += [
        (one.patient, one.slot, one.began)
        for one in ledger.may_be_done
        if one.slot is not None and _takes(one)
    ]
    left = {
        (one.patient, one.left): one.ended
        for one in ledger.of(Outcome.ACKNOWLEDGED)
        if one.left is not None
    }
    spans = defaultdict(list)
    for patient, slot, since in taken:
        until = left.get((patient, slot or ""), inf)
        spans[patient].append(_Span(slot or "", since, until if until > since else inf))
    return spans


def _takes(write: Write) -> bool:
    """Whether an appointment takes the slot. A hold only reserves it."""
    return write.slot is not None and write.deed is not Deed.HOLD_SLOT


def _has_a_reason(write: Write, spans: list[_Span], after: Records) -> bool:
    """`SOMEBODY_WAS_FIRST` is checked with the slot's history."""
    meanwhile = [
        one.slot
        for one in spans
        if one.since < write.ended and one.until > write.began and one.slot != write.left
    ]
    match write.refusal:
        case Refusal.SOMEBODY_WAS_FIRST:
            return write.status == CONFLICT and write.slot is not None
        case Refusal.OVERLAPS if write.slot:
            wanted = after.slots[write.slot]
            return write.status in RULE and any(
                after.slots[one].overlaps(wanted) for one in meanwhile
            )
        case Refusal.TOO_MANY:
            return write.status in RULE and len(meanwhile) >= MOST_AHEAD
    return False


def _of_pages(ledger: Ledger) -> Iterator[Finding]:
    """People in the drill only open their own records, so no request may be refused."""
    for one in ledger.asked:
        if one.writes or one.status is None or one.person in ledger.newcomers:
            continue
        if 400 <= one.status < 500 or one.path.startswith(NOT_SIGNED_IN):
            yield Finding(Law.SHUT_OUT, f"{one.path} ({one.status})")


def _of_sign_ins(ledger: Ledger) -> Iterator[Finding]:
    for one in ledger.sign_ins:
        if not one.succeeded and not one.tried_again:
            yield Finding(Law.WRONGLY_REFUSED, f"sign in ({one.status})")


def _of_times(ledger: Ledger, after: Records) -> Iterator[Finding]:
    """All pages show a slot's time in the same words, and two different times never have the same words."""
    words_of, times_of = defaultdict(set), defaultdict(set)
    for slot, words in ledger.times:
        words_of[slot].add(words)
        times_of[words].add(after.slots[slot].starts_at if slot in after.slots else slot)
    for slot, all_words in words_of.items():
        if len(all_words) > 1 or not all(all_words):
            yield Finding(Law.WRONG_PAGE, f"{slot} is at: {'; '.join(sorted(all_words))}")
    for words, times in times_of.items():
        if len(times) > 1:
            yield Finding(Law.WRONG_PAGE, f"“{words}” is {len(times)} times")
