"""The page after signing in: only a path inside the portal."""

import re
from urllib.parse import urlsplit

LONGEST = 300
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
"""Browsers drop control characters and read a backslash as a slash, so `/\\host` leaves the portal."""

_PASSAGE = re.compile(r"/(sign-in|signed-out|session-ended)(/|$)")
"""Pages of signing in and out, which make no sense as a return path."""


def local_path(wanted: str | None) -> str | None:
    """`wanted` if it is a path of this portal; None otherwise, such as for another host or scheme."""
    if not wanted or len(wanted) > LONGEST or _UNSAFE.search(wanted):
        return None
    if not wanted.startswith("/") or wanted.startswith("//"):
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc or _PASSAGE.match(parts.path) else wanted
