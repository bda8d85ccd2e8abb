"""A small picture of a document, for lists."""

from portal.documents.checking import sandbox
from portal.documents.checking.kinds import Kind
from portal.documents.checking.pieces import Readable

WITH_PICTURE = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG, Kind.HEIC})


def thumbnail(file: Readable, kind: Kind) -> bytes | None:
    """A PNG of at most 320 by 320 pixels: the picture upright, or the first page.

    None when this kind or this file has no picture. Takes up to 20 s, so only the worker calls it.
    """
    return sandbox.run("picture", kind.value, file) if kind in WITH_PICTURE else None
