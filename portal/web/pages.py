"""The mark of a view: its deed, and what is special about it.

    @views.post("/patients/<ref:patient_ref>/documents/new")
    @page(Deed.ADD_DOCUMENT, takes_files=True)

A route without the mark stops the portal at its start (`guard.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from portal.access import Deed, Role

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = None
"""Instead of a deed: the page is for everybody, signed in or not."""

_PAGE = "__page__"


@dataclass(frozen=True, slots=True)
class Menu:
    """An entry of the menu. It shows to those whose role includes the page's deed."""

    text: str
    section: tuple[str, ...] = ()
    """Where the section's addresses begin. By default that is the page's own address."""
    first_for: frozenset[Role] = frozenset()
    """The roles whose menu begins with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    deed: Deed | None
    """Only actors whose roles include it get in."""
    secret: bool = False
    """Its form holds a secret, such as a one-time code: the portal never keeps it."""
    takes_files: bool = False
    """Its POSTs may bring files, as many and as long as the hospital allows."""
    repeatable: bool = False
    """A POST sent twice does no harm, as with signing out: it needs no submission key."""
    runs_once: bool = False
    """It uses up something of the request, so it can't be run again after a lost connection."""
    without_records: bool = False
    """It works while the database is away, for staff who were signed in."""
    menu: Menu | None = None
    """Its entry in the menu. The entries stand in the order in which `create_app` names the features."""


def page(deed: Deed | None, **special: Any) -> Callable[[View], View]:
    """Marks a view with its deed and the other fields of `Page`."""
    mark = Page(deed=deed, **special)

    def marked(view: View) -> View:
        setattr(view, _PAGE, mark)
        return view

    return marked


def page_of(view: Callable[..., Any] | None) -> Page | None:
    """The mark of a view; None for one that has none."""
    return getattr(view, _PAGE, None)


def mark_of(view: Callable[..., Any]) -> Page:
    """The mark of a view that must have one; raises `RuntimeError` otherwise."""
    mark = page_of(view)
    if mark is None:
        raise RuntimeError(f"The view {view.__name__} lacks the mark `@page`.")
    return mark
