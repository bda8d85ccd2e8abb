"""Withdrawing a document: it is marked as entered in error, and its file is kept."""

from sqlalchemy import update

from portal.access import Deed
from portal.context import Context
from portal.documents import rules
from portal.documents.queries import find_document
from portal.errors import ChangedMeanwhile
from portal.models import DocumentReference
from portal.models.base import table_of
from portal.models.rows import changed
from portal.seen import Seen
from portal.vocabulary import DocumentReferenceStatus

_document = table_of(DocumentReference)


def withdraw(context: Context, *, patient_ref: str, document: Seen, reason: str) -> None:
    """Marks the document as entered in error, with the actor and the reason. Raises `ChangedMeanwhile`."""
    deed = Deed.WITHDRAW_DOCUMENT
    subject, found = find_document(context, deed, patient_ref=patient_ref, ref=document.ref)
    rules.require_withdrawable(found.origin, subject.acted_for_as)
    withdrawn = (
        update(_document)
        .where(
            _document.c.id == found.id,
            _document.c.patient_id == subject.id,
            _document.c.version == document.version,
            _document.c.status == DocumentReferenceStatus.CURRENT,
        )
        .values(
            status=DocumentReferenceStatus.ENTERED_IN_ERROR,
            withdrawn_at=context.now,
            withdrawn_by_name=context.by.name,
            withdrawn_reason=reason,
            version=document.version + 1,
        )
    )
    if not changed(context.session, withdrawn):
        raise ChangedMeanwhile
    context.remember(deed, of=found.reference, patient=subject.ref)
