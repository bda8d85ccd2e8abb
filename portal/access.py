"""Who may do what: the one place that decides, in pure Python.

Each deed has one row: its name, its text, and for each role the patients or staff it may be done to. A role
that is not listed may not do it. Views name their deed (`web/pages.py`), actions check the object again, and
`reach/scope.py` turns a relation into the rows that an actor may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Self

from portal.errors import Forbidden


class Role(Enum):
    """A person's role in the hospital. The value is stored, so a member can be renamed."""

    title: str
    sentence: str

    def __new__(cls, value: str, title: str = "", sentence: str = "") -> Self:
        role = object.__new__(cls)
        role._value_ = value
        role.title = title
        role.sentence = sentence
        return role

    PATIENT = "patient", "Patient", "Books and sees their own appointments, or acts for somebody."
    DOCTOR = "doctor", "Doctor", "Sees the clinic's day and their own patients."
    NURSE = (
        "nurse",
        "Nurse",
        "Sees the clinic's day and that clinic's patients, and checks them in.",
    )
    RECEPTION = "reception", "Reception", "Finds, registers, books and checks in any patient."
    ADMINISTRATOR = (
        "administrator",
        "Administrator",
        "Runs staff, clinics and schedules; sees no patient.",
    )
    SYSTEM = "system", "The portal itself", "Makes slots, sends notices, imports records."


STAFF = frozenset({Role.DOCTOR, Role.NURSE, Role.RECEPTION, Role.ADMINISTRATOR})
CLINICIANS = frozenset({Role.DOCTOR, Role.NURSE})


class Relation(Enum):
    """To whom a deed may be done."""

    ANYONE = "anyone"
    THEIR_OWN = "their own"
    THEIR_PATIENTS = "their patients"
    THEIR_CLINIC = "their clinic"


_EVERYBODY = dict.fromkeys((Role.PATIENT, *STAFF), Relation.THEIR_OWN)
_PATIENT_AND_RECEPTION = {Role.PATIENT: Relation.THEIR_OWN, Role.RECEPTION: Relation.ANYONE}
_CARE_TEAM = {Role.DOCTOR: Relation.THEIR_PATIENTS, Role.NURSE: Relation.THEIR_PATIENTS}
_PATIENT_AND_CARE_TEAM = {Role.PATIENT: Relation.THEIR_OWN, **_CARE_TEAM}
_PATIENT_CARE_TEAM_AND_RECEPTION = {**_PATIENT_AND_CARE_TEAM, Role.RECEPTION: Relation.ANYONE}
_CLINIC_AND_RECEPTION = {
    Role.DOCTOR: Relation.THEIR_CLINIC,
    Role.NURSE: Relation.THEIR_CLINIC,
    Role.RECEPTION: Relation.ANYONE,
}


class Deed(Enum):
    """Everything that can be done in the portal, and who may do it to whom: one row for each deed.

    The audit trail stores the value.
    """

    who: Mapping[Role, Relation]

    def __new__(cls, words: str, who: Mapping[Role, Relation] | None = None) -> Self:
        deed = object.__new__(cls)
        deed._value_ = words
        deed.who = who or {}
        return deed

    SEE_HOME = "see home", _EVERYBODY
    SEE_OWN_SESSIONS = "see own sessions", _EVERYBODY
    END_OWN_SESSIONS = "end own sessions", _EVERYBODY
    SEND_KEPT_FORM = "send kept form", _EVERYBODY
    SET_UP_SECOND_STEP = "set up second step", _EVERYBODY
    TURN_OFF_SECOND_STEP = "turn off second step", {Role.PATIENT: Relation.THEIR_OWN}
    SIGN_IN = "sign in", _EVERYBODY
    SIGN_OUT = "sign out", _EVERYBODY

    SEE_PEOPLE = "see for whom they act", {Role.PATIENT: Relation.THEIR_OWN}
    SEARCH_PATIENTS = (
        "search patients",
        {
            Role.DOCTOR: Relation.THEIR_PATIENTS,
            Role.NURSE: Relation.THEIR_PATIENTS,
            Role.RECEPTION: Relation.ANYONE,
        },
    )
    SEE_PATIENT = "see patient", _PATIENT_CARE_TEAM_AND_RECEPTION
    REGISTER_PATIENT = "register patient", {Role.RECEPTION: Relation.ANYONE}
    CHANGE_PATIENT = "change patient", {Role.RECEPTION: Relation.ANYONE}
    CHANGE_CONTACT = (
        "change contact details",
        {Role.PATIENT: Relation.THEIR_OWN, Role.RECEPTION: Relation.ANYONE},
    )
    MERGE_PATIENTS = "merge patients", {Role.RECEPTION: Relation.ANYONE}
    MARK_DECEASED = "mark as deceased", {**_CARE_TEAM, Role.RECEPTION: Relation.ANYONE}
    HAND_OUT_CODE = "hand out account code", {Role.RECEPTION: Relation.ANYONE}
    CLAIM_RECORD = "claim record with code", {Role.PATIENT: Relation.ANYONE}
    SEE_PROXIES = "see proxies", _PATIENT_AND_RECEPTION
    CHANGE_PROXIES = "change proxies", {Role.RECEPTION: Relation.ANYONE}
    SEE_HISTORY = "see past encounters", _PATIENT_AND_CARE_TEAM

    SEE_APPOINTMENTS = "see appointments", _PATIENT_CARE_TEAM_AND_RECEPTION
    FIND_SLOTS = "find slots", _PATIENT_CARE_TEAM_AND_RECEPTION
    HOLD_SLOT = "hold slot", _PATIENT_CARE_TEAM_AND_RECEPTION
    BOOK_APPOINTMENT = "book appointment", _PATIENT_CARE_TEAM_AND_RECEPTION
    MOVE_APPOINTMENT = "move appointment", _PATIENT_CARE_TEAM_AND_RECEPTION
    CANCEL_APPOINTMENT = "cancel appointment", _PATIENT_CARE_TEAM_AND_RECEPTION
    OVERBOOK = "overbook", {Role.DOCTOR: Relation.THEIR_PATIENTS, Role.RECEPTION: Relation.ANYONE}
    SEE_DAY_LIST = "see day list", _CLINIC_AND_RECEPTION
    SEE_DOWNTIME_LIST = "see downtime list", _CLINIC_AND_RECEPTION
    CHECK_IN = "check in", {Role.NURSE: Relation.THEIR_CLINIC, Role.RECEPTION: Relation.ANYONE}
    CONSULT = "consult", {Role.DOCTOR: Relation.THEIR_CLINIC, Role.NURSE: Relation.THEIR_CLINIC}
    MARK_NOSHOW = "mark no-show", _CLINIC_AND_RECEPTION

    SEE_RECORD = "see record", _PATIENT_AND_CARE_TEAM
    RECORD_ALLERGY = "record allergy", _CARE_TEAM
    RECORD_PROBLEM = "record problem", _CARE_TEAM
    PRESCRIBE = "prescribe", {Role.DOCTOR: Relation.THEIR_PATIENTS}
    RECORD_OBSERVATIONS = "record observations", _CARE_TEAM
    RECORD_RESULTS = "record results", _CARE_TEAM
    HOLD_RESULT = "hold result", _CARE_TEAM
    CHOOSE_RESULTS = "choose when results are shown", {Role.PATIENT: Relation.THEIR_OWN}
    WRITE_NOTE = "write note", _CARE_TEAM

    BREAK_GLASS = "open record in an emergency", dict.fromkeys(CLINICIANS, Relation.ANYONE)
    REVIEW_EMERGENCY_ACCESS = "review emergency access", {Role.ADMINISTRATOR: Relation.ANYONE}
    SEE_WHO_LOOKED = "see who opened the record", {Role.PATIENT: Relation.THEIR_OWN}

    SEE_DOCUMENTS = "see documents", _PATIENT_AND_CARE_TEAM
    OPEN_DOCUMENT = "open document", _PATIENT_AND_CARE_TEAM
    ADD_DOCUMENT = "add document", _PATIENT_AND_CARE_TEAM
    WITHDRAW_DOCUMENT = "withdraw document", _PATIENT_AND_CARE_TEAM
    REVIEW_FILES = "review rejected and damaged files", {Role.ADMINISTRATOR: Relation.ANYONE}

    MANAGE_STAFF = "manage staff", {Role.ADMINISTRATOR: Relation.ANYONE}
    MANAGE_CLINICS = "manage clinics", {Role.ADMINISTRATOR: Relation.ANYONE}
    MANAGE_SCHEDULES = "manage schedules", {Role.ADMINISTRATOR: Relation.ANYONE}
    MANAGE_NOTICES = "manage notices", {Role.ADMINISTRATOR: Relation.ANYONE}
    END_SESSIONS = "end the sessions of others", {Role.ADMINISTRATOR: Relation.ANYONE}
    SEE_JOBS = "see background jobs", {Role.ADMINISTRATOR: Relation.ANYONE}

    MAKE_SLOTS = "make slots", {Role.SYSTEM: Relation.ANYONE}
    WRITE_DOWNTIME_LISTS = "write downtime lists", {Role.SYSTEM: Relation.ANYONE}
    SEND_NOTICES = "send notices", {Role.SYSTEM: Relation.ANYONE}
    IMPORT_RECORDS = "import records", {Role.SYSTEM: Relation.ANYONE}
    CHECK_FILES = "check files", {Role.SYSTEM: Relation.ANYONE}
    RECHECK_STAFF = "check staff at the provider", {Role.SYSTEM: Relation.ANYONE}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or system that acts: a signed-in person, or the portal itself.

    `practitioner_id` is set for clinicians; `session_ref` for people who are signed in.
    """

    account_id: int | None
    ref: str
    name: str
    roles: frozenset[Role]
    practitioner_id: int | None = None
    session_ref: str | None = None

    def is_any_of(self, roles: frozenset[Role]) -> bool:
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(account_id=None, ref="system", name="MediCare Hub", roles=frozenset({Role.SYSTEM}))


def relations(by: Actor, deed: Deed) -> frozenset[Relation]:
    """The relations for which `by` may do `deed`, over all roles; empty when they may not do it at all."""
    found = frozenset(deed.who[role] for role in by.roles if role in deed.who)
    return frozenset({Relation.ANYONE}) if Relation.ANYONE in found else found


def may(by: Actor, deed: Deed) -> bool:
    return any(role in deed.who for role in by.roles)


def require(by: Actor, deed: Deed) -> frozenset[Relation]:
    """The actor's relations for `deed`; raises `Forbidden` when there is none."""
    found = relations(by, deed)
    if not found:
        raise Forbidden("Your role does not include this.")
    return found
