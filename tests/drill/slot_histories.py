"""Who had each slot when, by what people were told. An impossible history breaks a law."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from portal.access import Deed
from tests.drill.findings import Finding, Law
from tests.drill.ledger import Ledger, Outcome, Refusal, Write
from tests.drill.linearizability import (
    ANYBODY,
    Operation,
    gave_back,
    is_linearizable,
    saw,
    saw_nobody,
    took,
)
from tests.drill.records import Records
from tests.drill.settings import HELD_SECONDS


@dataclass(frozen=True)
class Hold:
    """An account may have held a slot between two moments."""

    actor: str
    slot: str
    since: float
    until: float


def findings(ledger: Ledger, before: Records, after: Records) -> Iterator[Finding]:
    first, last = before.holders(), after.holders()
    histories = _histories(ledger, after)
    for slot, appointments in last.items():
        if len(appointments) > 1:
            yield Finding(Law.TWO_PATIENTS, slot)
    for slot, history in histories.items():
        began, ended = _one(first, slot), _one(last, slot)
        if not is_linearizable(history, first=began, last=ended):
            in_order = sorted(history, key=lambda one: one.began)
            yield Finding(Law.IMPOSSIBLE, f"{slot}, at the end {ended}'s: {in_order}")
    for kept in after.slots.values():
        if (kept.status == "busy") != (kept.ref in last):
            yield Finding(Law.IMPOSSIBLE, f"{kept.ref}: free and had, or busy and nobody's")


def holds(ledger: Ledger) -> list[Hold]:
    """Each hold lasts until it expires, or until its account holds or takes another slot."""
    by_actor: dict[str, list[Write]] = defaultdict(list)
    for write in ledger.may_be_done:
        by_actor[write.actor].append(write)
    return [
        Hold(one.actor, one.slot, one.began, min(one.ended + HELD_SECONDS, _let_go(one, writes)))
        for writes in by_actor.values()
        for one in writes
        if one.deed is Deed.HOLD_SLOT and one.slot
    ]


def _let_go(hold: Write, of_the_actor: Sequence[Write]) -> float:
    later = [
        one.ended
        for one in of_the_actor
        if one.outcome is Outcome.ACKNOWLEDGED
        and one.began >= hold.ended
        and (one.deed is Deed.HOLD_SLOT) == (one.slot != hold.slot)
        and one.slot
    ]
    return min(later, default=inf)


def _one(holders: Mapping[str, Sequence[str]], slot: str) -> str | None:
    return next(iter(holders.get(slot, ())), None)


def _histories(ledger: Ledger, after: Records) -> dict[str, list[Operation]]:
    """The operations on each slot that anybody wanted."""
    histories: dict[str, list[Operation]] = defaultdict(list)
    for write in ledger.may_be_done:
        for slot, operation in _done(write, after):
            histories[slot].append(operation)
    kept = holds(ledger)
    for write in ledger.of(Outcome.REFUSED):
        was_first = write.refusal is Refusal.SOMEBODY_WAS_FIRST
        if was_first and write.slot and not _was_held(write, kept):
            histories[write.slot].append(saw(ANYBODY, write.began, write.ended))
    for one in ledger.seen:
        histories[one.slot].append(saw(one.appointment, one.began, one.ended))
    return histories


def _done(write: Write, after: Records) -> Iterator[tuple[str, Operation]]:
    """What a write that was done, or may have been done, did to its slots."""
    certain = write.outcome is Outcome.ACKNOWLEDGED
    ended = write.ended if certain else inf
    who = write.appointment or next(iter(after.booked_as(write.mark)), write.mark)
    if write.deed is Deed.HOLD_SLOT:
        if certain and write.slot:
            yield write.slot, saw_nobody(write.began, ended)
        return
    if write.slot:
        yield write.slot, took(who, write.began, ended, certain=certain)
    if write.left:
        yield write.left, gave_back(who, write.began, ended, certain=certain)


def _was_held(write: Write, kept: Sequence[Hold]) -> bool:
    """Whether somebody else may have held the slot when the form was refused."""
    return any(
        one.slot == write.slot
        and one.actor != write.actor
        and one.since < write.ended
        and write.began < one.until
        for one in kept
    )
