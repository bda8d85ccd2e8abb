"""A JSON document of the provider, fetched when it is needed and cached."""

import logging
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

import requests

from portal.signin.provider.refusals import ProviderAway

log = logging.getLogger("portal.signin")

TIMEOUT = 3.0
"""Time-outs in seconds for connecting and for each read."""
FRESH = 3600.0
"""Seconds until a document is fetched again."""
USABLE = 24 * 3600.0
"""Seconds for which a document is used while the provider does not answer."""
PAUSE = 5.0
"""The least number of seconds between two fetches, however many people sign in."""

Document = TypeVar("Document")


class Published(Generic[Document]):
    """One document, shared by all threads. `what` is its name in the log; `clock` returns seconds."""

    def __init__(self, what: str, clock: Callable[[], float]) -> None:
        self._what = what
        self._clock = clock
        self._lock = Lock()
        self._document: Document | None = None
        self._fetched_at = self._asked_at = float("-inf")

    def get(self, url: str, read: Callable[[Any], Document], *, refresh: bool = False) -> Document:
        """The document as parsed by `read`. `refresh` fetches it even if the cached one is fresh.

        `read` raises ValueError for a document that it can't use. Raises `ProviderAway` when there is no
        usable document.
        """
        # Threads that can use the cached document do not wait for the thread that fetches a new one.
        if self._lock.acquire(blocking=refresh or self._document is None):
            try:
                self._renew(url, read, refresh)
            finally:
                self._lock.release()
        if self._document is None or self._clock() - self._fetched_at >= USABLE:
            raise ProviderAway(f"{self._what} can't be had")
        return self._document

    def _renew(self, url: str, read: Callable[[Any], Document], refresh: bool) -> None:
        now = self._clock()
        if (not refresh and now - self._fetched_at < FRESH) or now - self._asked_at < PAUSE:
            return
        self._asked_at = now
        try:
            # A redirect could lead from https to http, or into the portal's network.
            answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
            answer.raise_for_status()
            if answer.is_redirect:
                raise ValueError("it was redirected, which is not followed")
            self._document = read(answer.json())
        except (requests.RequestException, ValueError, TypeError) as fault:
            log.warning("%s was not read: %s", self._what, in_short(fault))
        else:
            self._fetched_at = now


def in_short(fault: Exception) -> str:
    """The kind of failure, without the addresses and bodies that a library quotes."""
    if isinstance(fault, requests.RequestException):
        status = fault.response.status_code if fault.response is not None else ""
        return f"{type(fault).__name__} {status}".strip()
    return str(fault)
