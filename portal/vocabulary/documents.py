"""Documents."""

from portal.vocabulary.term import Term


class DocumentReferenceStatus(Term):
    """http://hl7.org/fhir/R4/valueset-document-reference-status.html (the part that is used)"""

    CURRENT = "current", "Current"
    ENTERED_IN_ERROR = "entered-in-error", "Withdrawn"


class DocumentType(Term):
    """The kinds of documents in the form; `portal/fhir/documents.py` has their LOINC codes."""

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
    """Who added a document; this decides who may withdraw it."""

    PATIENT = "patient", "The patient"
    """The patient or their proxy."""
    HOSPITAL = "hospital", "The hospital"


class Scan(Term):
    """The virus scanner's result for a document's file. Only a clean one may be opened."""

    WAITING = "waiting", "Waiting for the virus check"
    CLEAN = "clean", "Checked"
    REJECTED = "rejected", "Not accepted"
    """The file is kept for the administrator for a while. The sender sees the reason."""


class Thumbnail(Term):
    """Whether a document has a thumbnail."""

    WAITING = "waiting", "Not made yet"
    MADE = "made", "Made"
    NONE = "none", "No picture"
    """It is a text, or no thumbnail could be made."""
