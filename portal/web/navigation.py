"""The menu: the pages that ask for an entry, for those whose role includes the deed."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, current_app
from flask_login import current_user

from portal import access
from portal.access import Actor, Deed, Role
from portal.web.pages import page_of


@dataclass(frozen=True, slots=True)
class Entry:
    """`paths` are where its section's addresses begin: on them the entry is marked."""

    text: str
    endpoint: str
    deed: Deed
    paths: tuple[str, ...]
    first_for: frozenset[Role]

    def leads_to(self, path: str) -> bool:
        return any(path == start or path.startswith(f"{start}/") for start in self.paths)


def install(app: Flask) -> None:
    """Reads the marks of all pages, so every blueprint must be registered before."""
    app.extensions["menu"] = tuple(_entries(app))
    app.jinja_env.globals["navigation"] = navigation


def _entries(app: Flask) -> Iterator[Entry]:
    for endpoint, view in app.view_functions.items():
        page = page_of(view)
        if page and page.menu and page.deed:
            own_address = next(app.url_map.iter_rules(endpoint)).rule
            paths = page.menu.section or (own_address,)
            yield Entry(page.menu.text, endpoint, page.deed, paths, page.menu.first_for)


def navigation() -> list[Entry]:
    """The entries of the signed-in person, or none."""
    if not current_user.is_authenticated or current_user.needs_second_step:
        return []
    return entries_of(current_user.actor)


def entries_of(by: Actor) -> list[Entry]:
    """The entries for this person's roles. The first is their home."""
    menu: tuple[Entry, ...] = current_app.extensions["menu"]
    allowed = [entry for entry in menu if access.may(by, entry.deed)]
    return sorted(allowed, key=lambda entry: entry.first_for.isdisjoint(by.roles))


def first_page(by: Actor) -> str:
    """The endpoint on which this person's day begins."""
    entries = entries_of(by)
    return entries[0].endpoint if entries else "sessions.own_sessions"
