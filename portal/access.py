"""WHO MAY DO WHAT: the one page that decides, in pure Python.

`TABLE` maps each deed to the roles that may do it, and for each role to whom or what it may be done.
A missing pair means no. Views name their deed (`web/guard.py`), actions ask again about the object,
and `models/scope.py` turns a relation into the rows that an actor may see.
"""

from dataclasses import dataclass
from enum import Enum

from portal.errors import Forbidden


class Role(Enum):
    """What a person is to the hospital. Stored by value, so a member may be renamed freely."""

    PATIENT = "patient"
    DOCTOR = "doctor"
    NURSE = "nurse"
    RECEPTION = "reception"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"

    @property
    def title(self) -> str:
        return ROLES[self][0]

    @property
    def sentence(self) -> str:
        return ROLES[self][1]


ROLES = {
    Role.PATIENT: ("Patient", "Books and sees their own appointments, or acts for somebody."),
    Role.DOCTOR: ("Doctor", "Sees the clinic's day and their own patients."),
    Role.NURSE: ("Nurse", "Sees the clinic's day and that clinic's patients, and checks them in."),
    Role.RECEPTION: ("Reception", "Finds, registers, books and checks in any patient."),
    Role.ADMINISTRATOR: ("Administrator", "Runs staff, clinics and schedules; sees no patient."),
    Role.SYSTEM: ("The portal itself", "Makes slots, sends notices, imports records."),
}
STAFF = frozenset({Role.DOCTOR, Role.NURSE, Role.RECEPTION, Role.ADMINISTRATOR})
CLINICIANS = frozenset({Role.DOCTOR, Role.NURSE})


class Relation(Enum):
    """To whom a deed may be done."""

    ANYONE = "anyone"
    THEIR_OWN = "their own"
    THEIR_PATIENTS = "their patients"
    THEIR_CLINIC = "their clinic"


class Deed(Enum):
    """Everything that can be done in the portal. The value is what the audit trail keeps."""

    SEE_HOME = "see home"
    SEE_OWN_SESSIONS = "see own sessions"
    END_OWN_SESSIONS = "end own sessions"
    SEND_KEPT_FORM = "send kept form"
    SET_UP_SECOND_STEP = "set up second step"
    TURN_OFF_SECOND_STEP = "turn off second step"
    SIGN_IN = "sign in"
    SIGN_OUT = "sign out"

    SEE_PEOPLE = "see for whom they act"
    SEARCH_PATIENTS = "search patients"
    SEE_PATIENT = "see patient"
    REGISTER_PATIENT = "register patient"
    CHANGE_PATIENT = "change patient"
    CHANGE_CONTACT = "change contact details"
    MERGE_PATIENTS = "merge patients"
    HAND_OUT_CODE = "hand out account code"
    CLAIM_RECORD = "claim record with code"
    SEE_PROXIES = "see proxies"
    CHANGE_PROXIES = "change proxies"
    SEE_HISTORY = "see past encounters"

    SEE_APPOINTMENTS = "see appointments"
    FIND_SLOTS = "find slots"
    HOLD_SLOT = "hold slot"
    BOOK_APPOINTMENT = "book appointment"
    MOVE_APPOINTMENT = "move appointment"
    CANCEL_APPOINTMENT = "cancel appointment"
    OVERBOOK = "overbook"
    SEE_DAY_LIST = "see day list"
    SEE_DOWNTIME_LIST = "see downtime list"
    CHECK_IN = "check in"
    CONSULT = "consult"
    MARK_NOSHOW = "mark no-show"

    SEE_DOCUMENTS = "see documents"
    OPEN_DOCUMENT = "open document"
    ADD_DOCUMENT = "add document"
    WITHDRAW_DOCUMENT = "withdraw document"
    REVIEW_FILES = "review rejected and damaged files"

    MANAGE_STAFF = "manage staff"
    MANAGE_CLINICS = "manage clinics"
    MANAGE_SCHEDULES = "manage schedules"
    MANAGE_NOTICES = "manage notices"

    MAKE_SLOTS = "make slots"
    SEND_NOTICES = "send notices"
    IMPORT_RECORDS = "import records"
    CHECK_FILES = "check files"


_EVERYBODY = dict.fromkeys((Role.PATIENT, *STAFF), Relation.THEIR_OWN)
_PATIENT_AND_CARE_TEAM = {
    Role.PATIENT: Relation.THEIR_OWN,
    Role.DOCTOR: Relation.THEIR_PATIENTS,
    Role.NURSE: Relation.THEIR_PATIENTS,
}
_PATIENT_CARE_TEAM_AND_RECEPTION = {**_PATIENT_AND_CARE_TEAM, Role.RECEPTION: Relation.ANYONE}
_CLINIC_AND_RECEPTION = {
    Role.DOCTOR: Relation.THEIR_CLINIC,
    Role.NURSE: Relation.THEIR_CLINIC,
    Role.RECEPTION: Relation.ANYONE,
}

TABLE: dict[Deed, dict[Role, Relation]] = {
    Deed.SEE_HOME: _EVERYBODY,
    Deed.SEE_OWN_SESSIONS: _EVERYBODY,
    Deed.END_OWN_SESSIONS: _EVERYBODY,
    Deed.SEND_KEPT_FORM: _EVERYBODY,
    Deed.SET_UP_SECOND_STEP: _EVERYBODY,
    Deed.TURN_OFF_SECOND_STEP: {Role.PATIENT: Relation.THEIR_OWN},
    Deed.SIGN_IN: _EVERYBODY,
    Deed.SIGN_OUT: _EVERYBODY,
    Deed.SEE_PEOPLE: {Role.PATIENT: Relation.THEIR_OWN},
    Deed.SEARCH_PATIENTS: {
        Role.DOCTOR: Relation.THEIR_PATIENTS,
        Role.NURSE: Relation.THEIR_PATIENTS,
        Role.RECEPTION: Relation.ANYONE,
    },
    Deed.SEE_PATIENT: _PATIENT_CARE_TEAM_AND_RECEPTION,
    Deed.REGISTER_PATIENT: {Role.RECEPTION: Relation.ANYONE},
    Deed.CHANGE_PATIENT: {Role.RECEPTION: Relation.ANYONE},
    Deed.CHANGE_CONTACT: {Role.PATIENT: Relation.THEIR_OWN, Role.RECEPTION: Relation.ANYONE},
    Deed.MERGE_PATIENTS: {Role.RECEPTION: Relation.ANYONE},
    Deed.HAND_OUT_CODE: {Role.RECEPTION: Relation.ANYONE},
    Deed.CLAIM_RECORD: {Role.PATIENT: Relation.ANYONE},
    Deed.SEE_PROXIES: {Role.PATIENT: Relation.THEIR_OWN, Role.RECEPTION: Relation.ANYONE},
    Deed.CHANGE_PROXIES: {Role.RECEPTION: Relation.ANYONE},
    Deed.SEE_HISTORY: _PATIENT_AND_CARE_TEAM,
    Deed.SEE_APPOINTMENTS: _PATIENT_CARE_TEAM_AND_RECEPTION,
    Deed.FIND_SLOTS: _PATIENT_CARE_TEAM_AND_RECEPTION,
    Deed.HOLD_SLOT: _PATIENT_CARE_TEAM_AND_RECEPTION,
    Deed.BOOK_APPOINTMENT: _PATIENT_CARE_TEAM_AND_RECEPTION,
    Deed.MOVE_APPOINTMENT: _PATIENT_CARE_TEAM_AND_RECEPTION,
    Deed.CANCEL_APPOINTMENT: _PATIENT_CARE_TEAM_AND_RECEPTION,
    Deed.OVERBOOK: {Role.DOCTOR: Relation.THEIR_PATIENTS, Role.RECEPTION: Relation.ANYONE},
    Deed.SEE_DAY_LIST: _CLINIC_AND_RECEPTION,
    Deed.SEE_DOWNTIME_LIST: _CLINIC_AND_RECEPTION,
    Deed.CHECK_IN: {Role.NURSE: Relation.THEIR_CLINIC, Role.RECEPTION: Relation.ANYONE},
    Deed.CONSULT: {Role.DOCTOR: Relation.THEIR_CLINIC, Role.NURSE: Relation.THEIR_CLINIC},
    Deed.MARK_NOSHOW: _CLINIC_AND_RECEPTION,
    Deed.SEE_DOCUMENTS: _PATIENT_AND_CARE_TEAM,
    Deed.OPEN_DOCUMENT: _PATIENT_AND_CARE_TEAM,
    Deed.ADD_DOCUMENT: _PATIENT_AND_CARE_TEAM,
    Deed.WITHDRAW_DOCUMENT: _PATIENT_AND_CARE_TEAM,
    Deed.REVIEW_FILES: {Role.ADMINISTRATOR: Relation.ANYONE},
    Deed.MANAGE_STAFF: {Role.ADMINISTRATOR: Relation.ANYONE},
    Deed.MANAGE_CLINICS: {Role.ADMINISTRATOR: Relation.ANYONE},
    Deed.MANAGE_SCHEDULES: {Role.ADMINISTRATOR: Relation.ANYONE},
    Deed.MANAGE_NOTICES: {Role.ADMINISTRATOR: Relation.ANYONE},
    Deed.MAKE_SLOTS: {Role.SYSTEM: Relation.ANYONE},
    Deed.SEND_NOTICES: {Role.SYSTEM: Relation.ANYONE},
    Deed.IMPORT_RECORDS: {Role.SYSTEM: Relation.ANYONE},
    Deed.CHECK_FILES: {Role.SYSTEM: Relation.ANYONE},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does something: a signed-in person, or the portal itself.

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
    """To whom `by` may do `deed`, over all their roles; empty when they may not at all."""
    pairs = TABLE[deed]
    found = frozenset(pairs[role] for role in by.roles if role in pairs)
    return frozenset({Relation.ANYONE}) if Relation.ANYONE in found else found


def may(by: Actor, deed: Deed) -> bool:
    return any(role in TABLE[deed] for role in by.roles)


def require(by: Actor, deed: Deed) -> frozenset[Relation]:
    """The actor's relations for `deed`; raises `Forbidden` when there is none."""
    found = relations(by, deed)
    if not found:
        raise Forbidden("Your role does not include this.")
    return found
