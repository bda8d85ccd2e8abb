"""Reminds authors at the end of the day of notes that they have not signed."""

from sqlalchemy import bindparam, exists, select

from portal.context import Contexts
from portal.models import Account, Note, Notice
from portal.models.base import table_of
from portal.notices.outbox import announce_to_account
from portal.vocabulary import CompositionStatus, Occasion

_account, _note, _notice = map(table_of, (Account, Note, Notice))

_TOLD = exists().where(
    _notice.c.account_id == _account.c.id,
    _notice.c.occasion == Occasion.UNSIGNED_NOTES,
    _notice.c.day == bindparam("today"),
)
_AUTHORS = (
    select(_account.c.id)
    .where(
        _account.c.disabled_at.is_(None),
        exists().where(
            _note.c.author_account_id == _account.c.id,
            _note.c.status == CompositionStatus.PRELIMINARY,
        ),
        ~_TOLD,
    )
    .order_by(_account.c.id)
)


def tell_authors(contexts: Contexts) -> bool:
    """Writes the day's notices, one per author; does nothing before the hour in the settings."""
    hospital = contexts.hospital
    if hospital.local(contexts.now).hour < hospital.notes_signed_by_hour:
        return False
    with contexts.begin() as context:
        for account_id in context.session.scalars(_AUTHORS, {"today": context.today}).all():
            announce_to_account(context, Occasion.UNSIGNED_NOTES, account_id)
    return False
