"""The audit trail: one entry for each read or change, in the same transaction."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.access import Actor, Deed
from portal.models import AuditEvent
from portal.models.base import table_of

_INSERT = insert(table_of(AuditEvent))


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done, and to which row. `of` is a FHIR reference, `patient` a patient's reference."""

    deed: Deed
    of: str | None = None
    patient: str | None = None
    detail: dict[str, object] = field(default_factory=dict)


def write(session: Session, by: Actor, at: datetime, entry: Entry) -> None:
    """Adds an entry. Features call `Context.remember` instead."""
    session.execute(
        _INSERT,
        {
            "at": at,
            "actor_ref": by.ref,
            "actor_name": by.name,
            "actor_roles": " ".join(sorted(role.value for role in by.roles)),
            "session_ref": by.session_ref,
            "deed": entry.deed.value,
            "entity": entry.of,
            "patient_ref": entry.patient,
            "detail": entry.detail or None,
        },
    )
