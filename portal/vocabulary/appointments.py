"""Appointments, slots and visits."""

from portal.vocabulary.term import Term


class Mode(Term):
    """How patient and practitioner meet."""

    IN_PERSON = "in-person", "In person"
    PHONE = "phone", "Phone call"
    VIDEO = "video", "Video call"


class SlotStatus(Term):
    """http://hl7.org/fhir/ValueSet/slotstatus (the part that the portal uses)"""

    FREE = "free", "Free"
    BUSY = "busy", "Booked"
    UNAVAILABLE = "busy-unavailable", "Not available"
    """Taken out by leave or a closure; an appointment in it must be rebooked."""


class AppointmentStatus(Term):
    """http://hl7.org/fhir/ValueSet/appointmentstatus (the part that the portal uses).

    "In consultation" is `ARRIVED` with an Encounter in progress: see `Phase`.
    """

    BOOKED = "booked", "Booked"
    ARRIVED = "arrived", "Arrived"
    FULFILLED = "fulfilled", "Seen"
    CANCELLED = "cancelled", "Cancelled"
    NOSHOW = "noshow", "Did not come"


class ExceptionKind(Term):
    """Why a day differs from the weekly schedules."""

    LEAVE = "leave", "Leave"
    CLOSURE = "closure", "Closure"
    EXTRA = "extra", "Extra clinic"


class EncounterStatus(Term):
    """http://hl7.org/fhir/R4/valueset-encounter-status.html (the part that the portal uses)"""

    IN_PROGRESS = "in-progress", "In consultation"
    FINISHED = "finished", "Seen"


class Phase(Term):
    """The phase of an appointment on its day. "In consultation" is FHIR's `arrived` with an
    Encounter in progress; the others are the statuses of the same name.
    """

    BOOKED = "booked", "Booked"
    ARRIVED = "arrived", "Arrived"
    IN_CONSULTATION = "in consultation", "In consultation"
    FULFILLED = "fulfilled", "Seen"
    NOSHOW = "noshow", "Did not come"
    CANCELLED = "cancelled", "Cancelled"


class Step(Term):
    """What staff do with an appointment on its day; the value is its part of the address."""

    CHECK_IN = "check-in", "Check in"
    UNDO_CHECK_IN = "undo-check-in", "Undo check-in"
    START = "start", "Start"
    FINISH = "finish", "Finish"
    MARK_NOSHOW = "no-show", "Did not come"
    UNDO_NOSHOW = "undo-no-show", "Undo “did not come”"
