"""Entries in the audit trail of what was refused: who tried what, on which thing.

A refusal leaves nothing else behind, so each has its own transaction.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.database import db
from portal.errors import Forbidden, NotFound, PortalError, Unavailable
from portal.models import Account, Appointment, Base, DocumentReference, Patient
from portal.models.base import table_of
from portal.web import current

log = logging.getLogger(__name__)

KINDS: dict[str, type[Base]] = {
    "document_ref": DocumentReference,
    "appointment_ref": Appointment,
    "patient_ref": Patient,
    "account_ref": Account,
}
"""What a reference in an address names, by the argument's name; the most exact first."""


@contextmanager
def remembered(deed: Deed | None, arguments: Mapping[str, Any]) -> Iterator[None]:
    """Keeps who was refused, and why. An address of what does not exist leaves no entry, unless the
    page itself is closed to the role.

    The patient's own list of who opened the record does not show it: nobody opened it.
    """
    try:
        yield
    except (Forbidden, NotFound) as fault:
        if deed is not None:
            _remember(deed, arguments, fault)
        raise


def _remember(deed: Deed, arguments: Mapping[str, Any], fault: PortalError) -> None:
    try:
        context = current.context()
        of = _first_that_exists(context.session, arguments)
        if of is None and not isinstance(fault, Forbidden):
            return
        reason = type(fault).__name__
        context.remember(deed, of=of, refused=reason, address=current.address())
        # The request itself is refused, and its transaction was rolled back.
        context.session.commit()
    except (DBAPIError, PoolTimeout, Unavailable):
        db.session.rollback()
        log.exception("a refusal is not in the audit trail")


def _first_that_exists(session: Session, arguments: Mapping[str, Any]) -> str | None:
    """As a FHIR reference."""
    for name, kind in KINDS.items():
        ref = str(arguments.get(name, ""))
        if ref.isascii() and ref and _exists(session, table_of(kind), ref):
            return kind.reference(ref)
    return None


def _exists(session: Session, table: Table, ref: str) -> bool:
    return session.scalar(select(table.c.id).where(table.c.ref == ref)) is not None
