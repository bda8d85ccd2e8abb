"""Rules that all parts of the feature share. Pure."""

from datetime import datetime
from typing import Protocol

from portal import words
from portal.access import CLINICIANS, STAFF, Actor
from portal.settings.hospital import Hospital
from portal.vocabulary import (
    AppointmentStatus,
    EncounterStatus,
    Mode,
    Phase,
    Relationship,
    SlotStatus,
)


class Meeting(Protocol):
    """Time, practitioner, mode and clinic of a slot or an appointment."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def practitioner(self) -> str: ...
    @property
    def mode(self) -> Mode: ...
    @property
    def location(self) -> str: ...


def in_words(it: Meeting, hospital: Hospital) -> str:
    """`Tuesday 3 March 2026 at 9:05am with Dr Grace Lindqvist, In person, Cardiology`."""
    day = words.long_day(hospital.today(it.starts_at), hospital.locale)
    clock = words.clock_at(it.starts_at, hospital.zone, hospital.locale)
    return f"{day} at {clock} with {it.practitioner}, {it.mode.title}, {it.location}"


def is_self_service(by: Actor) -> bool:
    """Whether the actor books as the patient or as their proxy, not as staff."""
    return not by.is_any_of(STAFF)


def may_read_reason(by: Actor, acts_as: Relationship | None = None) -> bool:
    """The reason for coming is clinical: reception sees it only when they act for the patient."""
    return acts_as is not None or by.is_any_of(CLINICIANS)


def phase_of(status: AppointmentStatus, encounter: EncounterStatus | None) -> Phase:
    """The phase of an appointment; `encounter` is the status of its Encounter, or None."""
    if encounter is EncounterStatus.IN_PROGRESS:
        return Phase.IN_CONSULTATION
    return Phase(status.value)


def must_be_rebooked(status: AppointmentStatus, slot: SlotStatus) -> bool:
    """Whether leave or a closure took out the slot of a booked appointment."""
    return status is AppointmentStatus.BOOKED and slot is SlotStatus.UNAVAILABLE
