"""The contents of the database before and after a drill, in the terms of the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from portal.access import Deed
from tests.drill.database import Database
from tests.drill.settings import DATABASE

_APPOINTMENTS = """
SELECT appointment.ref, slot.ref, patient.ref, appointment.status, reason, cancel_reason, sequence
FROM appointment JOIN slot ON slot.id = appointment.slot_id
JOIN patient ON patient.id = appointment.patient_id WHERE overbook_reason IS NULL
"""
_DOCUMENTS = """
SELECT document_reference.ref, title, patient.ref, sha256, file_name, scan
FROM document_reference JOIN patient ON patient.id = document_reference.patient_id
"""
_TAKES_NO_SLOT = ("cancelled", "noshow")


@dataclass(frozen=True)
class Kept:
    """An appointment as it is stored."""

    ref: str
    slot: str
    patient: str
    status: str
    reason: str
    cancel_reason: str | None
    sequence: int

    @property
    def has_the_slot(self) -> bool:
        return self.status not in _TAKES_NO_SLOT

    @property
    def moves(self) -> int:
        """Each move and the cancellation increased the sequence by one."""
        return self.sequence - (self.status == "cancelled")


@dataclass(frozen=True)
class KeptSlot:
    ref: str
    starts_at: datetime
    ends_at: datetime
    status: str

    def overlaps(self, other: "KeptSlot") -> bool:
        return self.starts_at < other.ends_at and self.ends_at > other.starts_at


@dataclass(frozen=True)
class KeptPatient:
    ref: str
    given: str
    family: str
    birth_date: date
    email: str | None = None


@dataclass(frozen=True)
class KeptDocument:
    ref: str
    title: str
    patient: str
    sha256: str
    file_name: str
    scan: str = "clean"


@dataclass(frozen=True)
class Entry:
    """An entry of the audit trail."""

    deed: str
    entity: str | None
    actor: str
    patient: str | None


@dataclass(frozen=True)
class Records:
    """All data that the checker needs."""

    appointments: Mapping[str, Kept]
    slots: Mapping[str, KeptSlot]
    patients: Mapping[str, KeptPatient]
    documents: Mapping[str, KeptDocument]
    entries: Sequence[Entry] = ()

    @classmethod
    def of(cls, database: Database) -> "Records":
        def rows(statement: str) -> Iterable[tuple]:  # type: ignore[type-arg]
            return database.tell(f"USE {DATABASE}", statement)

        slots = "SELECT ref, starts_at, ends_at, status FROM slot"
        patients = "SELECT ref, given, family, birth_date, email FROM patient"
        entries = "SELECT deed, entity, actor_ref, patient_ref FROM audit_event ORDER BY id"
        return cls(
            {row[0]: Kept(*row) for row in rows(_APPOINTMENTS)},
            {row[0]: KeptSlot(*row) for row in rows(slots)},
            {row[0]: KeptPatient(*row) for row in rows(patients)},
            {row[0]: KeptDocument(*row) for row in rows(_DOCUMENTS)},
            [Entry(*row) for row in rows(entries)],
        )

    def holders(self) -> Mapping[str, Sequence[str]]:
        """The appointments that have each slot."""
        found = defaultdict(list)
        for one in self.appointments.values():
            if one.has_the_slot:
                found[one.slot].append(one.ref)
        return found

    def booked_as(self, mark: str) -> list[str]:
        return [one.ref for one in self.appointments.values() if one.reason == mark]

    def cancelled_as(self, mark: str) -> list[str]:
        return [one.ref for one in self.appointments.values() if one.cancel_reason == mark]

    def registered_as(self, mark: str) -> list[str]:
        return [one.ref for one in self.patients.values() if one.family == mark]

    def handed_in_as(self, mark: str) -> list[str]:
        return [one.ref for one in self.documents.values() if one.title == mark]

    @cached_property
    def audited(self) -> Counter[tuple[str, str | None]]:
        """Audit entries by deed and entity."""
        return Counter((one.deed, one.entity) for one in self.entries)

    def counted(self, deed: Deed, entity: str) -> int:
        return self.audited[deed.value, entity]
