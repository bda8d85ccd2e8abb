"""Reads the audit trail."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.models import AuditEvent


def audited(
    session: Session,
    deed: str | None = None,
    *,
    of: str | None = None,
    patient: str | None = None,
) -> list[AuditEvent]:
    """The entries, oldest first: all, or those of a deed, a FHIR reference, a patient's reference.

    A deed that does not exist is refused, so that no test passes because of a typo.
    """
    found = select(AuditEvent).order_by(AuditEvent.id)
    if deed is not None:
        found = found.where(AuditEvent.deed == Deed(deed).value)
    if of is not None:
        found = found.where(AuditEvent.entity == of)
    if patient is not None:
        found = found.where(AuditEvent.patient_ref == patient)
    return list(session.scalars(found))


def audited_deeds(session: Session) -> list[str]:
    """What was done, oldest first."""
    return [event.deed for event in audited(session)]
