"""The enums of the domain, each member with its title on the screen. Pure.

The database, the audit trail and FHIR use a member's value; pages show its title. docs/glossary.md explains
the terms.
"""

from portal.vocabulary.appointments import (
    AppointmentStatus,
    EncounterStatus,
    ExceptionKind,
    Mode,
    Phase,
    SlotStatus,
    Step,
)
from portal.vocabulary.documents import (
    DocumentReferenceStatus,
    DocumentType,
    Origin,
    Scan,
    Thumbnail,
)
from portal.vocabulary.notices import OF_APPOINTMENTS, NoticeState, Occasion
from portal.vocabulary.oversight import ReviewOutcome
from portal.vocabulary.people import AdministrativeGender, Relationship
from portal.vocabulary.record import (
    AdministrationRoute,
    AllergyCategory,
    ClinicalStatus,
    CompositionStatus,
    ObservationCategory,
    Severity,
    VerificationStatus,
)
from portal.vocabulary.term import Term

__all__ = [
    "OF_APPOINTMENTS",
    "AdministrationRoute",
    "AdministrativeGender",
    "AllergyCategory",
    "AppointmentStatus",
    "ClinicalStatus",
    "CompositionStatus",
    "DocumentReferenceStatus",
    "DocumentType",
    "EncounterStatus",
    "ExceptionKind",
    "Mode",
    "NoticeState",
    "ObservationCategory",
    "Occasion",
    "Origin",
    "Phase",
    "Relationship",
    "ReviewOutcome",
    "Scan",
    "Severity",
    "SlotStatus",
    "Step",
    "Term",
    "Thumbnail",
    "VerificationStatus",
]
