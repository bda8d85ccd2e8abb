"""The menu: each entry shows to those whose role includes its deed; the first is their home."""

from dataclasses import dataclass

from flask import Flask
from flask_login import current_user

from portal import access
from portal.access import Actor, Deed, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """`paths` are where its section's addresses begin: on them the entry is marked."""

    text: str
    endpoint: str
    deed: Deed
    paths: tuple[str, ...]
    first_for: frozenset[Role] = frozenset()
    """Those whose day begins here, wherever it stands in the list."""

    def leads_to(self, path: str) -> bool:
        return any(path == start or path.startswith(f"{start}/") for start in self.paths)


OWN = "/people", "/patients", "/claim-record"
DAY = "/days", "/clinics"
WEEKS = "/administration/schedules", "/administration/practitioners"
ENTRIES: tuple[Entry, ...] = (
    Entry("Home", "patients.people", Deed.SEE_PEOPLE, OWN),
    Entry("Clinic day", "appointments.days", Deed.SEE_DAY_LIST, DAY),
    Entry("Must be rebooked", "appointments.rebook", Deed.SEE_DAY_LIST, ("/rebook",)),
    Entry(
        "Patients",
        "patients.search",
        Deed.SEARCH_PATIENTS,
        ("/patients",),
        first_for=frozenset({Role.RECEPTION}),
    ),
    Entry("Staff", "administration.staff", Deed.MANAGE_STAFF, ("/administration/staff",)),
    Entry("Clinics", "schedules.clinics", Deed.MANAGE_CLINICS, ("/administration/clinics",)),
    Entry("Schedules", "schedules.weekly", Deed.MANAGE_SCHEDULES, WEEKS),
    Entry(
        "Days off and extra clinics",
        "schedules.exceptions",
        Deed.MANAGE_SCHEDULES,
        ("/administration/exceptions",),
    ),
    Entry("Files", "documents.review", Deed.REVIEW_FILES, ("/administration/files",)),
    Entry("Notices", "administration.notices", Deed.MANAGE_NOTICES, ("/administration/notices",)),
)


def install(app: Flask) -> None:
    app.jinja_env.globals["navigation"] = navigation


def navigation() -> list[Entry]:
    """The entries of the signed-in person, or none."""
    if not current_user.is_authenticated or current_user.needs_second_step:
        return []
    return entries_of(current_user.actor)


def entries_of(by: Actor) -> list[Entry]:
    allowed = [entry for entry in ENTRIES if access.may(by, entry.deed)]
    return sorted(allowed, key=lambda entry: entry.first_for.isdisjoint(by.roles))


def first_page(by: Actor) -> str:
    """The endpoint on which this person's day begins."""
    entries = entries_of(by)
    return entries[0].endpoint if entries else "signin.own_sessions"
