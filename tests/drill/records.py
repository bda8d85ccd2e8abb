"""What stands in the database when a drill is over, in the words of the ledger."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.access import Deed
from tests.drill.database import Database
from tests.drill.settings import DATABASE

APPOINTMENT = "Appointment"

_APPOINTMENTS = """
SELECT appointment.ref, slot.ref, appointment.status, reason, cancel_reason, sequence
FROM appointment JOIN slot ON slot.id = appointment.slot_id WHERE overbook_reason IS NULL
"""
_TAKES_NO_SLOT = ("cancelled", "noshow")


@dataclass(frozen=True)
class Kept:
    """An appointment as it is kept."""

    ref: str
    slot: str
    status: str
    reason: str
    cancel_reason: str | None
    sequence: int

    @property
    def has_the_slot(self) -> bool:
        return self.status not in _TAKES_NO_SLOT

    @property
    def moves(self) -> int:
        """Each move and the cancellation have made the sequence grow by one."""
        return self.sequence - (self.status == "cancelled")


@dataclass(frozen=True)
class Records:
    """Everything that the checker asks about."""

    appointments: Mapping[str, Kept]
    patients: Mapping[str, Sequence[str]]
    """References by family name."""
    audited: Counter[tuple[str, str]]
    """Entries of the audit trail by deed and entity."""
    busy_slots: frozenset[str]
    documents: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """References and SHA-256 by title."""

    @classmethod
    def of(cls, database: Database) -> "Records":
        kept = [Kept(*row) for row in _rows(database, _APPOINTMENTS)]
        patients = defaultdict(list)
        for family, ref in _rows(database, "SELECT family, ref FROM patient"):
            patients[family].append(ref)
        audited = _rows(database, "SELECT deed, entity, COUNT(*) FROM audit_event GROUP BY 1, 2")
        documents = defaultdict(list)
        for title, ref, sha256 in _rows(
            database, "SELECT title, ref, sha256 FROM document_reference"
        ):
            documents[title].append((ref, sha256))
        busy = _rows(database, "SELECT ref FROM slot WHERE status = 'busy'")
        return cls(
            {one.ref: one for one in kept},
            patients,
            Counter({(deed, entity): count for deed, entity, count in audited}),
            frozenset(ref for (ref,) in busy),
            documents,
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

    def entries(self, deed: Deed, kind: str, ref: str) -> int:
        return self.audited[deed.value, f"{kind}/{ref}"]


def _rows(database: Database, statement: str) -> list[tuple]:  # type: ignore[type-arg]
    return database.tell(f"USE {DATABASE}", statement)
