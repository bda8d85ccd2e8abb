"""Comparing a damaged file again."""

from portal.access import Deed
from portal.context import Context
from portal.documents.files import damage
from portal.models import DocumentReference
from portal.models.rows import claim
from portal.seen import Seen


def compared(context: Context, *, document: Seen, whole: bool) -> None:
    """Unblocks the file if it is intact. Raises `ChangedMeanwhile` when somebody else was faster."""
    context.require(Deed.REVIEW_FILES)
    claim(context.session, DocumentReference, document)
    if whole:
        damage.found_whole(context, Deed.REVIEW_FILES, document.ref)
    else:
        damage.report(context, document.ref)
