"""Documents."""

from portal.vocabulary.term import Term


class DocumentReferenceStatus(Term):
    """http://hl7.org/fhir/R4/valueset-document-reference-status.html (the part that is used)"""

    CURRENT = "current", "Current"
    ENTERED_IN_ERROR = "entered-in-error", "Withdrawn"


class DocumentType(Term):
    """The kinds that people choose from; `portal/fhir/documents.py` gives each its LOINC code."""

    LETTER = "letter", "Letter"
    REFERRAL = "referral", "Referral"
    DISCHARGE = "discharge", "Discharge summary"
    RESULT = "result", "Test result"
    IMAGING = "imaging", "Scan or X-ray"
    PHOTO = "photo", "Photo"
    PRESCRIPTION = "prescription", "Prescription or list of medicines"
    IMMUNIZATION = "immunization", "Vaccination record"
    CONSENT = "consent", "Consent form"
    OTHER = "other", "Something else"


class Origin(Term):
    """Who added a document, which decides who may withdraw it."""

    PATIENT = "patient", "The patient"
    """The patient, or somebody who acts for them."""
    HOSPITAL = "hospital", "The hospital"


class Scan(Term):
    """The virus scanner's result for a document's file. Only a clean one may be opened."""

    WAITING = "waiting", "Waiting for the virus check"
    CLEAN = "clean", "Checked"
    REJECTED = "rejected", "Not accepted"
    """Its file is kept for the administrator for a while. The sender is told why."""


class Thumbnail(Term):
    """Whether there is a small picture of a document."""

    WAITING = "waiting", "Not made yet"
    MADE = "made", "Made"
    NONE = "none", "No picture"
    """It is a text, or no picture could be made of it."""
