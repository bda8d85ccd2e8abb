"""Importing many files, one transaction each. A refused file leaves nothing, and the others are
imported.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.context import Context
from portal.fhir.foreign import ForeignBundle, PatientNotKnown
from portal.fhir.reading import parsed_file, read_bundle
from portal.fhir.storing import Change, Kind, Outcome, store_bundle
from portal.settings.hospital import Hospital

_AWAITED_PATIENT = {Kind.PATIENT}
_AWAITED_OTHERS = {Kind.PRACTITIONER, Kind.PLACE}
ATTEMPTS = 3
DEADLOCKS = ((1205,), (1213,))
"""MySQL's: lock wait timeout, deadlock."""


@dataclass(slots=True)
class Refusal:
    """A file that was refused, and why."""

    file: Path
    fault: ForeignBundle


@dataclass
class Import:
    """One run over files. `outcome` has the totals of stored rows, `refusals` the refused files."""

    session: Session
    by: Actor
    hospital: Hospital
    clock: Callable[[], datetime]
    taken: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    refusals: list[Refusal] = field(default_factory=list)
    _early: dict[Path, Outcome | PatientNotKnown] = field(default_factory=dict)
    _arrived: set[Kind] = field(default_factory=set)

    def refuse(self, file: Path, fault: ForeignBundle) -> None:
        self.refusals.append(Refusal(file, fault))

    def take(self, files: Iterable[Path]) -> Iterator[Path]:
        """Imports the files in any order, and yields each when it is done."""
        for file in files:
            result = self._result(file)
            if isinstance(result, PatientNotKnown) or (
                isinstance(result, Outcome) and result.unresolved
            ):
                self._early[file] = result
            else:
                self._settle(file, result)
            yield file
        self._take_again()

    def _take_again(self) -> None:
        """A file may name people and places from a later one."""
        for file, before in self._early.items():
            awaited = _AWAITED_PATIENT if isinstance(before, PatientNotKnown) else _AWAITED_OTHERS
            again = self._result(file) if self._arrived & awaited else before
            if isinstance(before, Outcome) and isinstance(again, Outcome):
                before.unresolved = again.unresolved
                again = before
            self._settle(file, again)

    def _settle(self, file: Path, result: Outcome | ForeignBundle) -> None:
        if isinstance(result, ForeignBundle):
            self.refuse(file, result)
        else:
            self.taken += 1
            self.outcome.add(result)

    def _result(self, file: Path) -> Outcome | ForeignBundle:
        for _ in range(ATTEMPTS):
            try:
                return self._attempt(file)
            except ForeignBundle as fault:
                return fault
            except (IntegrityError, OperationalError) as error:
                if not _was_crossed(error):
                    raise
            finally:
                self.session.rollback()
                self.session.expunge_all()
        return ForeignBundle("others keep writing the same records; import it again")

    def _attempt(self, file: Path) -> Outcome:
        context = Context(self.session, self.by, self.hospital, self.clock())
        facts = read_bundle(parsed_file(file), hospital=self.hospital, now=context.now)
        outcome = store_bundle(context, facts)
        self.session.commit()  # Each file in its own transaction, so that the next one may fail.
        self._arrived |= {kind for kind, change in outcome.changes if change is Change.ADDED}
        return outcome


def _was_crossed(error: IntegrityError | OperationalError) -> bool:
    """Whether another transaction was faster, so that a second attempt may succeed."""
    return isinstance(error, IntegrityError) or (
        error.orig is not None and error.orig.args[:1] in DEADLOCKS
    )
