"""The tables, with the names of FHIR R4. Import models from here."""

from portal.models.accounts import Account, role_values, roles_held
from portal.models.allergies import AllergyIntolerance, NoKnownAllergies
from portal.models.audit import AuditEvent, AuditSeal
from portal.models.base import COLLATION, Base, new_ref
from portal.models.conditions import Condition, ProblemCode
from portal.models.documents import DocumentReference
from portal.models.emergency_access import EmergencyAccess
from portal.models.locations import Location, LocationHours, LocationIdentifier
from portal.models.medications import MedicationRequest
from portal.models.notes import Note
from portal.models.notices import Notice, NoticeDelivery
from portal.models.observations import Observation, ObservationPanel, ResultHold, ResultWait
from portal.models.patients import (
    AccountCode,
    Patient,
    PatientIdentifier,
    PatientMerge,
    PatientSearchTerm,
    RelatedPerson,
)
from portal.models.practitioners import Practitioner, PractitionerIdentifier, PractitionerRole
from portal.models.recorded import RecordVersion
from portal.models.records import Encounter
from portal.models.scheduling import (
    Appointment,
    Schedule,
    ScheduleException,
    Slot,
)
from portal.models.web import (
    JobFailure,
    KeptForm,
    RateLimit,
    SignInSession,
    Submission,
    WorkerBeat,
)

for _table in Base.metadata.tables.values():
    _table.kwargs["mysql_charset"] = "utf8mb4"
    _table.kwargs["mysql_collate"] = COLLATION
    _table.kwargs["mysql_engine"] = "InnoDB"

__all__ = [
    "Account",
    "AccountCode",
    "AllergyIntolerance",
    "Appointment",
    "AuditEvent",
    "AuditSeal",
    "Base",
    "Condition",
    "DocumentReference",
    "EmergencyAccess",
    "Encounter",
    "JobFailure",
    "KeptForm",
    "Location",
    "LocationHours",
    "LocationIdentifier",
    "MedicationRequest",
    "NoKnownAllergies",
    "Note",
    "Notice",
    "NoticeDelivery",
    "Observation",
    "ObservationPanel",
    "Patient",
    "PatientIdentifier",
    "PatientMerge",
    "PatientSearchTerm",
    "Practitioner",
    "PractitionerIdentifier",
    "PractitionerRole",
    "ProblemCode",
    "RateLimit",
    "RecordVersion",
    "RelatedPerson",
    "ResultHold",
    "ResultWait",
    "Schedule",
    "ScheduleException",
    "SignInSession",
    "Slot",
    "Submission",
    "WorkerBeat",
    "new_ref",
    "role_values",
    "roles_held",
]
