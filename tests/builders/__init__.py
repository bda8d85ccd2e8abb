"""Builders of test data. Each adds a row to the session, flushes, and returns the row.

Import them from here. Whole scenes are in separate modules: `morning`, `tuesdays`, `ward`.
"""

from tests.builders.appointments import an_appointment, an_encounter
from tests.builders.audit import audited, audited_deeds
from tests.builders.contexts import actor_of, context_for, contexts_for, signed_in
from tests.builders.documents import a_document
from tests.builders.emergencies import an_emergency_access
from tests.builders.notices import A_WEEK_AHEAD, a_notice, an_appointment_of, as_it_stands
from tests.builders.people import (
    a_patient,
    an_account,
    an_account_of,
    findable,
    relate,
    unsaved_patient,
)
from tests.builders.records import (
    RECORDED,
    a_hold,
    a_medicine,
    a_note,
    a_problem,
    a_report,
    a_version,
    a_wait,
    an_allergy,
    vital_signs,
)
from tests.builders.registration import demographics, typed_demographics
from tests.builders.rows import NOW
from tests.builders.seen import seen, seen_now
from tests.builders.timetables import a_clinician, a_location, a_practitioner, a_schedule, a_slot

__all__ = [
    "A_WEEK_AHEAD",
    "NOW",
    "RECORDED",
    "a_clinician",
    "a_document",
    "a_hold",
    "a_location",
    "a_medicine",
    "a_note",
    "a_notice",
    "a_patient",
    "a_practitioner",
    "a_problem",
    "a_report",
    "a_schedule",
    "a_slot",
    "a_version",
    "a_wait",
    "actor_of",
    "an_account",
    "an_account_of",
    "an_allergy",
    "an_appointment",
    "an_appointment_of",
    "an_emergency_access",
    "an_encounter",
    "as_it_stands",
    "audited",
    "audited_deeds",
    "context_for",
    "contexts_for",
    "demographics",
    "findable",
    "relate",
    "seen",
    "seen_now",
    "signed_in",
    "typed_demographics",
    "unsaved_patient",
    "vital_signs",
]
