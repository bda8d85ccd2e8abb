"""A small picture of the clean file that has waited for longest."""

from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from portal.documents import damage
from portal.documents.kinds import Kind
from portal.documents.queries import thumbnail_name
from portal.documents.thumbnails import thumbnail
from portal.errors import Unavailable
from portal.hospital import Hospital
from portal.models import Thumbnail
from portal.shared_files import Damaged, SharedFiles
from portal.worker.documents.queue import TO_PICTURE, Claim, claim, put_back, settle


def picture_next(
    sessions: sessionmaker[Session],
    hospital: Hospital,  # noqa: ARG001
    now: datetime,
    *,
    store: SharedFiles,
) -> bool:
    """Pictures one file; returns whether there may be more to do at once."""
    with sessions.begin() as session:
        mine = claim(session, TO_PICTURE, now)
    if mine is None:
        return False
    try:
        made = _picture(store, mine)
    except Damaged:
        with sessions.begin() as session:
            damage.report(session, ref=mine.ref, now=now)
        return True
    except Unavailable:
        with sessions.begin() as session:
            put_back(session, mine, now, own_fault=False)
        return False
    with sessions.begin() as session:
        settle(session, mine, thumbnail=Thumbnail.MADE if made else Thumbnail.NONE)
    return True


def _picture(store: SharedFiles, mine: Claim) -> bool:
    with store.open_intact(mine.stored) as file:
        picture = thumbnail(file, Kind(mine.content_type))
    if picture is not None:
        store.put(thumbnail_name(mine.stored.name), picture)
    return picture is not None
