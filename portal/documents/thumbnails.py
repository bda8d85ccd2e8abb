"""A small picture of a document, for lists."""

from portal.documents import sandbox
from portal.documents.kinds import Kind
from portal.documents.pieces import Readable

WITH_PICTURE = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG, Kind.HEIC})


def thumbnail(file: Readable, kind: Kind) -> bytes | None:
    """A PNG of at most 320 by 320 pixels: the picture upright, or the first page.

    None when the kind has no picture or this file gives none. Takes up to 20 s: it is for the worker.
    """
    return sandbox.run("picture", kind.value, file) if kind in WITH_PICTURE else None
