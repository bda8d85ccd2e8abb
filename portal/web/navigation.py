"""The menu: each entry shows to those whose role includes its deed; the first is their home."""

from dataclasses import dataclass

from flask import Flask
from flask_login import current_user

from portal import access
from portal.access import Actor, Deed


@dataclass(frozen=True, slots=True)
class Entry:
    text: str
    endpoint: str
    deed: Deed


ENTRIES: tuple[Entry, ...] = (
    Entry("Home", "patients.people", Deed.SEE_PEOPLE),
    Entry("Clinic day", "appointments.days", Deed.SEE_DAY_LIST),
    Entry("Must be rebooked", "appointments.rebook", Deed.SEE_DAY_LIST),
    Entry("Patients", "patients.search", Deed.SEARCH_PATIENTS),
    Entry("Staff", "administration.staff", Deed.MANAGE_STAFF),
    Entry("Clinics", "schedules.clinics", Deed.MANAGE_CLINICS),
    Entry("Schedules", "schedules.weekly", Deed.MANAGE_SCHEDULES),
    Entry("Days off and extra clinics", "schedules.exceptions", Deed.MANAGE_SCHEDULES),
    Entry("Notices", "administration.notices", Deed.MANAGE_NOTICES),
    Entry("Your sign-ins", "signin.own_sessions", Deed.SEE_OWN_SESSIONS),
)


def install(app: Flask) -> None:
    app.jinja_env.globals["navigation"] = navigation


def navigation() -> list[Entry]:
    """The entries of the signed-in person, or none."""
    if not current_user.is_authenticated:
        return []
    return entries_of(current_user.actor)


def entries_of(by: Actor) -> list[Entry]:
    return [entry for entry in ENTRIES if access.may(by, entry.deed)]


def first_page(by: Actor) -> str:
    """The endpoint on which this person's day begins."""
    return entries_of(by)[0].endpoint
