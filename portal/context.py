"""Context: actor, hospital, time and database session; the first argument of every query and action."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from portal import access, audit
from portal.access import CLINICIANS, Actor, Deed, Relation
from portal.reach import lookup, scope
from portal.reach.lookup import Subject
from portal.settings.hospital import Hospital


@dataclass(frozen=True, slots=True)
class Context:
    session: Session
    by: Actor
    hospital: Hospital
    now: datetime

    @property
    def today(self) -> date:
        return self.hospital.today(self.now)

    def may(self, deed: Deed) -> bool:
        return access.may(self.by, deed)

    def require(self, deed: Deed) -> frozenset[Relation]:
        """The actor's relations for `deed`; raises `Forbidden` when there is none."""
        return access.require(self.by, deed)

    def reach(self, **values: Any) -> dict[str, Any]:
        """Values for the bind parameters of the clauses of `reach/scope.py`, and `values`."""
        return scope.parameters(self.by, self.hospital, self.now) | values

    def patient(self, deed: Deed, ref: str, **detail: object) -> Subject:
        """The only way to load a patient: checks access, finds the row and adds an audit entry.

        For a read, the entry says `opened`. An action describes in `detail` what it does.
        Raises `NotFound` for a patient who does not exist or whom the actor may not see.
        """
        subject = self._patient_shown(deed, ref)
        detail = detail or {"opened": True}
        self.remember(deed, of=subject.reference, patient=subject.ref, **detail)
        return subject

    def _patient_shown(self, deed: Deed, ref: str) -> Subject:
        """Clinicians see the patient's allergies on every page about them, patients on their record."""
        if deed is not Deed.SEE_RECORD and not self.by.is_any_of(CLINICIANS):
            return self.find_patient(deed, ref)
        to_record = access.relations(self.by, Deed.SEE_RECORD)
        values = self.reach(ref=ref)
        return lookup.patient_with_allergies(self.session, self.require(deed), values, to_record)

    def find_patient(self, deed: Deed, ref: str) -> Subject:
        """As `patient`, without the audit entry: for actions that add their own later."""
        return lookup.patient(self.session, self.require(deed), self.reach(ref=ref))

    def remember(
        self, deed: Deed, *, of: str | None = None, patient: str | None = None, **detail: object
    ) -> None:
        """Adds an entry to the audit trail; it is stored only if the transaction commits.

        `of` is a FHIR reference (`Patient.reference(ref)`), `patient` the reference of the patient
        concerned, `detail` small JSON values, never names or clinical text.
        """
        entry = audit.Entry(deed, of, patient, detail)
        audit.write(self.session, self.by, self.now, entry)


@dataclass(frozen=True, slots=True)
class Contexts:
    """For work outside of a request: makes contexts, each with its own session."""

    sessions: sessionmaker[Session]
    by: Actor
    hospital: Hospital
    now: datetime

    @contextmanager
    def begin(self) -> Iterator[Context]:
        """A context for one transaction, which commits at the end of the block."""
        with self.sessions.begin() as session:
            yield Context(session, self.by, self.hospital, self.now)

    @contextmanager
    def read(self) -> Iterator[Context]:
        """A context for reading. A caller who writes must commit."""
        with self.sessions() as session:
            yield Context(session, self.by, self.hospital, self.now)
