"""An entry of the audit trail in words for the patient. Pure."""

from portal.access import Deed, Role

DONE = {
    Deed.SEE_PATIENT: "The patient's page",
    Deed.SEE_HISTORY: "Past visits",
    Deed.SEE_RECORD: "The health record",
    Deed.SEE_APPOINTMENTS: "Appointments",
    Deed.SEE_DOCUMENTS: "Documents",
    Deed.OPEN_DOCUMENT: "A document",
    Deed.ADD_DOCUMENT: "Adding a document",
    Deed.WITHDRAW_DOCUMENT: "Withdrawing a document",
    Deed.SEE_PROXIES: "Who has access",
    Deed.CHANGE_PROXIES: "Changing who has access",
    Deed.CHANGE_PATIENT: "Changing personal details",
    Deed.CHANGE_CONTACT: "Changing contact details",
    Deed.REGISTER_PATIENT: "Registering",
    Deed.MERGE_PATIENTS: "Joining two records of one person",
    Deed.MARK_DECEASED: "Noting a death, or taking that back",
    Deed.HAND_OUT_CODE: "Making an account code",
    Deed.CLAIM_RECORD: "Linking an account with a code",
    Deed.FIND_SLOTS: "Looking for a time",
    Deed.HOLD_SLOT: "Keeping a time",
    Deed.BOOK_APPOINTMENT: "Booking an appointment",
    Deed.OVERBOOK: "Booking an appointment",
    Deed.MOVE_APPOINTMENT: "Moving an appointment",
    Deed.CANCEL_APPOINTMENT: "Cancelling an appointment",
    Deed.CHECK_IN: "Checking in",
    Deed.CONSULT: "The consultation",
    Deed.MARK_NOSHOW: "Noting a missed appointment",
    Deed.RECORD_ALLERGY: "Recording an allergy",
    Deed.RECORD_PROBLEM: "Recording a problem",
    Deed.PRESCRIBE: "Recording a medicine",
    Deed.RECORD_OBSERVATIONS: "Recording measurements",
    # The same text, so that this page does not reveal a report that is still held.
    Deed.RECORD_RESULTS: "Recording measurements",
    Deed.HOLD_RESULT: "Recording measurements",
    Deed.CHOOSE_RESULTS: "Choosing when results are shown",
    Deed.WRITE_NOTE: "Writing a note",
    Deed.BREAK_GLASS: "Opening the record in an emergency",
    Deed.SEE_WHO_LOOKED: "Who opened the record",
    Deed.SEE_DOWNTIME_LIST: "The clinic's list while the portal was away",
    Deed.IMPORT_RECORDS: "Taking in a record from elsewhere",
}
OTHER = "Something else in the record"

_BY_WORDS = {deed.value: words for deed, words in DONE.items()}


def told(deed: str) -> str:
    """What was opened or done, by the value stored in the trail."""
    return _BY_WORDS.get(deed, OTHER)


def role_told(role_values: str) -> str:
    """`Doctor`, or several roles; `roles` are values separated by spaces."""
    known = {role.value: role.title for role in Role}
    return ", ".join(known.get(value, value) for value in role_values.split())


def why(role_values: str, *, is_patient_or_proxy: bool, emergency_reason: str | None) -> str:
    """Why the actor was allowed to do it."""
    if emergency_reason is not None:
        return f"In an emergency: {emergency_reason}"
    if is_patient_or_proxy:
        return "You, or somebody who acts for you"
    roles = set(role_values.split())
    if roles & {Role.DOCTOR.value, Role.NURSE.value}:
        return "You have an appointment with them or in their clinic"
    if Role.RECEPTION.value in roles:
        return "Reception looks after appointments and contact details"
    if Role.SYSTEM.value in roles:
        return "The portal does this by itself"
    return "The hospital's administration"
