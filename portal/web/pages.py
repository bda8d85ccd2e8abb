"""The mark of a view: its deed and its options.

    @views.post("/patients/<ref:patient_ref>/documents/new")
    @page(Deed.ADD_DOCUMENT, takes_files=True)

The portal does not start if a route has no mark (`guard.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from portal.access import Deed, Role

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = None
"""In place of a deed: everybody may open the page, signed in or not."""

_PAGE = "__page__"


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu entry, shown to people whose roles include the page's deed."""

    text: str
    section: tuple[str, ...] = ()
    """The beginnings of the section's addresses; by default the page's own address."""
    first_for: frozenset[Role] = frozenset()
    """The roles that have this entry first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    deed: Deed | None
    """Only actors whose roles include it may open the page."""
    secret: bool = False
    """Its form contains a secret, such as a one-time code, so the portal never stores the form."""
    takes_files: bool = False
    """Its POSTs may contain files, within the hospital's limits."""
    repeatable: bool = False
    """Sending its POST twice is harmless, as with signing out, so it needs no submission key."""
    runs_once: bool = False
    """The view consumes part of the request, so it can't be retried after a lost connection."""
    without_records: bool = False
    """It works while the database is unavailable, for staff who were signed in."""
    menu: Menu | None = None
    """Its menu entry. Entries are in the order of the features in `create_app`."""


def page(deed: Deed | None, **special: Any) -> Callable[[View], View]:
    """Marks a view with its deed and the other fields of `Page`."""
    mark = Page(deed=deed, **special)

    def marked(view: View) -> View:
        setattr(view, _PAGE, mark)
        return view

    return marked


def page_of(view: Callable[..., Any] | None) -> Page | None:
    """The mark of a view, or None."""
    return getattr(view, _PAGE, None)


def mark_of(view: Callable[..., Any]) -> Page:
    """The mark of a view; raises `RuntimeError` when it has none."""
    mark = page_of(view)
    if mark is None:
        raise RuntimeError(f"The view {view.__name__} lacks the mark `@page`.")
    return mark
