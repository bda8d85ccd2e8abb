"""Makes the thumbnail of the clean file that has waited longest."""

from portal.context import Contexts
from portal.documents.checking.kinds import Kind
from portal.documents.checking.thumbnails import thumbnail
from portal.documents.files import damage
from portal.documents.queries import thumbnail_name
from portal.errors import Unavailable
from portal.shared_files import Damaged, SharedFiles
from portal.vocabulary import Thumbnail
from portal.worker.documents.queue import TO_PICTURE, Claim, claim, put_back, settle


def picture_next(contexts: Contexts, *, store: SharedFiles) -> bool:
    """Makes one thumbnail; returns whether there may be more to do."""
    with contexts.begin() as context:
        mine = claim(context, TO_PICTURE)
    if mine is None:
        return False
    try:
        made = _picture(store, mine)
    except Damaged:
        with contexts.begin() as context:
            damage.report(context, mine.ref)
        return True
    except Unavailable:
        with contexts.begin() as context:
            put_back(context, mine, own_fault=False)
        return False
    with contexts.begin() as context:
        settle(context, mine, thumbnail=Thumbnail.MADE if made else Thumbnail.NONE)
    return True


def _picture(store: SharedFiles, mine: Claim) -> bool:
    with store.open_intact(mine.stored) as file:
        picture = thumbnail(file, Kind(mine.content_type))
    if picture is not None:
        store.put(thumbnail_name(mine.stored.name), picture)
    return picture is not None
