"""remember(): one entry in the audit trail, in the transaction of what it tells. Reads count too."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.access import Actor, Deed
from portal.models import AuditEvent
from portal.models.base import table_of

_INSERT = insert(table_of(AuditEvent))


def remember(
    session: Session,
    *,
    by: Actor,
    deed: Deed,
    now: datetime,
    of: str | None = None,
    patient: str | None = None,
    **detail: object,
) -> None:
    """Adds an entry; it is kept only if the caller's transaction commits.

    `of` is a FHIR reference (`Patient.reference(ref)`), `patient` the reference of the patient
    concerned, `detail` small JSON values. Names and clinical text do not belong in it.
    """
    session.execute(
        _INSERT,
        {
            "at": now,
            "actor_ref": by.ref,
            "actor_name": by.name,
            "actor_roles": " ".join(sorted(role.value for role in by.roles)),
            "session_ref": by.session_ref,
            "deed": deed.value,
            "entity": of,
            "patient_ref": patient,
            "detail": detail or None,
        },
    )
