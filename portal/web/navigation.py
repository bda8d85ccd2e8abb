"""The menu: the pages with a `Menu` mark whose deed the person's roles include."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, current_app
from flask_login import current_user

from portal import access
from portal.access import Actor, Deed, Role
from portal.web.pages import page_of


@dataclass(frozen=True, slots=True)
class Entry:
    """`paths` are the beginnings of its section's addresses, on which the entry is highlighted."""

    text: str
    endpoint: str
    deed: Deed
    paths: tuple[str, ...]
    first_for: frozenset[Role]

    def leads_to(self, path: str) -> bool:
        return any(path == start or path.startswith(f"{start}/") for start in self.paths)


def install(app: Flask) -> None:
    """Reads the marks of all pages; call it after all blueprints are registered."""
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
    """The entries of the signed-in person; empty when nobody is signed in."""
    if not current_user.is_authenticated or current_user.needs_second_step:
        return []
    return entries_of(current_user.actor)


def entries_of(by: Actor) -> list[Entry]:
    """The entries for this person's roles. The first is their home."""
    menu: tuple[Entry, ...] = current_app.extensions["menu"]
    allowed = [entry for entry in menu if access.may(by, entry.deed)]
    return sorted(allowed, key=lambda entry: entry.first_for.isdisjoint(by.roles))


def first_page(by: Actor) -> str:
    """The endpoint of the person's first menu entry."""
    entries = entries_of(by)
    return entries[0].endpoint if entries else "sessions.own_sessions"
