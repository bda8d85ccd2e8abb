"""Compares the database with what people were told. Each contradiction is a finding."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portal.access import Deed
from tests.drill import answers, slot_histories, told, trail, unasked
from tests.drill.findings import Finding, Law
from tests.drill.ledger import Ledger, Outcome, Write
from tests.drill.mail_sink import Mail
from tests.drill.records import Records


@dataclass(frozen=True)
class Evidence:
    """All data that a drill produced."""

    ledger: Ledger
    before: Records
    after: Records
    mails: Sequence[Mail] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each file on the shared file system, by name."""


def check(evidence: Evidence) -> list[Finding]:
    """All violations of a law."""
    ledger, before, after = evidence.ledger, evidence.before, evidence.after
    return [
        *_of_writes(ledger, after),
        *_of_moves(ledger, after),
        *unasked.findings(ledger, before, after),
        *slot_histories.findings(ledger, before, after),
        *trail.findings(ledger, before, after),
        *answers.findings(ledger, before, after),
        *told.findings(ledger, before, after, evidence.mails),
        *_of_files(ledger, after, evidence.files),
        *(Finding(Law.UNRESOLVED, one.mark) for one in ledger.of(Outcome.UNKNOWN)),
        *(Finding(Law.VANISHED, one) for one in ledger.vanished),
        *(Finding(Law.STUCK, one) for one in ledger.surprises),
        *(Finding(Law.ALTERED, one) for one in ledger.altered),
        *(Finding(Law.NOBODY_CAME, f"to {kind}") for kind in ledger.turned_away),
    ]


def _of_writes(ledger: Ledger, after: Records) -> Iterator[Finding]:
    for write in ledger.writes:
        if write.deed in _DONE:
            yield from _counted(write, len(_DONE[write.deed](after, write.mark)))


def _checked_in(after: Records, ref: str) -> list[str]:
    return (
        [ref] if ref in after.appointments and after.appointments[ref].status == "arrived" else []
    )


_DONE: Mapping[Deed, Callable[[Records, str], Sequence[str]]] = {
    Deed.BOOK_APPOINTMENT: Records.booked_as,
    Deed.CANCEL_APPOINTMENT: Records.cancelled_as,
    Deed.REGISTER_PATIENT: Records.registered_as,
    Deed.CHECK_IN: _checked_in,
    Deed.ADD_DOCUMENT: Records.handed_in_as,
}
"""Finds what a write of each deed left in the database, by its mark."""


def _counted(write: Write, times: int) -> Iterator[Finding]:
    what = f"{write.deed.value}: {write.mark}"
    if times > 1:
        yield Finding(Law.DOUBLED, what)
    if times == 0 and write.outcome is Outcome.ACKNOWLEDGED:
        yield Finding(Law.LOST, what)
    if times > 0 and write.outcome is Outcome.REFUSED:
        yield Finding(Law.REFUSED_BUT_DONE, what)


def _of_moves(ledger: Ledger, after: Records) -> Iterator[Finding]:
    """A move only increases a counter, so all moves of an appointment are checked together."""
    moves = [one for one in ledger.writes if one.deed is Deed.MOVE_APPOINTMENT]
    for appointment in {one.mark for one in moves}:
        told_of = [one.outcome for one in moves if one.mark == appointment]
        acknowledged = told_of.count(Outcome.ACKNOWLEDGED)
        kept = after.appointments.get(appointment)
        done, what = kept.moves if kept else 0, f"move of {appointment}"
        if done < acknowledged:
            yield Finding(Law.LOST, what)
        if done > acknowledged + told_of.count(Outcome.UNKNOWN):
            refused = Outcome.REFUSED in told_of
            yield Finding(Law.REFUSED_BUT_DONE if refused else Law.DOUBLED, what)


def _of_files(ledger: Ledger, after: Records, files: Mapping[str, str]) -> Iterator[Finding]:
    """Each row has its file with the bytes that were sent, and each file was sent by somebody."""
    for row in after.documents.values():
        what = f"DocumentReference/{row.ref}"
        if row.file_name not in files:
            yield Finding(Law.MISSING, what)
        elif files[row.file_name] != row.sha256:
            yield Finding(Law.ALTERED, what)
        if ledger.uploads.get(row.title, row.sha256) != row.sha256:
            yield Finding(Law.ALTERED, f"{what}: not what was sent")
    known = {*ledger.uploads.values(), *(row.sha256 for row in after.documents.values())}
    for name, sha256 in files.items():
        if sha256 not in known:
            yield Finding(Law.MISSING, f"file {name}: nobody sent it whole")
