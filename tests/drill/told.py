"""Checks the emails: one for each change of an appointment, and no others.

No message names an appointment, so they are matched by recipient and occasion.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from tests.drill.findings import Finding, Law
from tests.drill.ledger import Ledger
from tests.drill.mail_sink import Mail
from tests.drill.records import Kept, Records

To = tuple[str, str]
"""An address and an occasion."""


def findings(
    ledger: Ledger, before: Records, after: Records, mails: Sequence[Mail]
) -> Iterator[Finding]:
    copies = Counter(one.message_id for one in mails)
    yield from (Finding(Law.TOLD_TWICE, one) for one, count in copies.items() if count > 1)
    told: dict[To, set[str]] = defaultdict(set)
    for mail in mails:
        told[mail.to, mail.occasion].add(mail.message_id)
    changes, last = _changes(before, after)
    for to in {*told, *last}:
        what = f"{to[1]}, to {to[0]}: {len(told[to])} for {changes[to]} changes"
        if len(told[to]) > changes[to]:
            yield Finding(Law.TOLD_TWICE, what)
        if len(told[to]) < last[to]:
            yield Finding(Law.NEVER_TOLD, what)


def _changes(before: Records, after: Records) -> tuple[Counter[To], Counter[To]]:
    """The maximum and the minimum number of emails for each.

    A change may be left out when a later one replaced it. The last one must be sent.
    """
    every: Counter[To] = Counter()
    last: Counter[To] = Counter()
    for one in after.appointments.values():
        address = after.patients[one.patient].email or ""
        done = _of(one, before.appointments.get(one.ref))
        every.update({(address, occasion): times for occasion, times in done.items()})
        if done and one.status in ("booked", "cancelled"):
            last[address, list(done)[-1]] += 1
    return every, last


def _of(one: Kept, first: Kept | None) -> dict[str, int]:
    """What happened to an appointment, in order, with counts."""
    times = {
        "booked": int(first is None),
        "moved": one.moves - (first.moves if first else 0),
        "cancelled": int(
            one.status == "cancelled" and (first is None or first.status != "cancelled")
        ),
    }
    return {occasion: count for occasion, count in times.items() if count}
