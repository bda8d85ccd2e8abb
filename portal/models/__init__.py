"""The tables, under the field's own names (FHIR R4). Import models from here."""

from portal.models.accounts import Account, role_values
from portal.models.audit import AuditEvent, AuditSeal
from portal.models.base import COLLATION, Base, new_ref
from portal.models.documents import (
    DocumentReference,
    DocumentReferenceStatus,
    DocumentType,
    Origin,
    Scan,
    Thumbnail,
)
from portal.models.locations import Location, LocationHours, LocationIdentifier
from portal.models.notices import Notice, NoticeDelivery
from portal.models.patients import (
    AccountCode,
    AdministrativeGender,
    Patient,
    PatientIdentifier,
    PatientMerge,
    PatientSearchTerm,
    RelatedPerson,
    Relationship,
)
from portal.models.practitioners import Practitioner, PractitionerIdentifier, PractitionerRole
from portal.models.records import Encounter, EncounterStatus
from portal.models.scheduling import (
    Appointment,
    AppointmentStatus,
    ExceptionKind,
    Mode,
    Schedule,
    ScheduleException,
    Slot,
    SlotStatus,
)
from portal.models.web import KeptForm, RateLimit, SignInSession, Submission, WorkerBeat

for _table in Base.metadata.tables.values():
    _table.kwargs["mysql_charset"] = "utf8mb4"
    _table.kwargs["mysql_collate"] = COLLATION
    _table.kwargs["mysql_engine"] = "InnoDB"

__all__ = [
    "Account",
    "AccountCode",
    "AdministrativeGender",
    "Appointment",
    "AppointmentStatus",
    "AuditEvent",
    "AuditSeal",
    "Base",
    "DocumentReference",
    "DocumentReferenceStatus",
    "DocumentType",
    "Encounter",
    "EncounterStatus",
    "ExceptionKind",
    "KeptForm",
    "Location",
    "LocationHours",
    "LocationIdentifier",
    "Mode",
    "Notice",
    "NoticeDelivery",
    "Origin",
    "Patient",
    "PatientIdentifier",
    "PatientMerge",
    "PatientSearchTerm",
    "Practitioner",
    "PractitionerIdentifier",
    "PractitionerRole",
    "RateLimit",
    "RelatedPerson",
    "Relationship",
    "Scan",
    "Schedule",
    "ScheduleException",
    "SignInSession",
    "Slot",
    "SlotStatus",
    "Submission",
    "Thumbnail",
    "WorkerBeat",
    "new_ref",
    "role_values",
]
