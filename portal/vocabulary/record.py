"""The clinical record."""

from portal.vocabulary.term import Term


class ClinicalStatus(Term):
    """http://hl7.org/fhir/R4/valueset-condition-clinical.html and -allergyintolerance-clinical
    (the part that the portal uses)"""

    ACTIVE = "active", "Active"
    INACTIVE = "inactive", "Inactive"
    RESOLVED = "resolved", "Resolved"


class Severity(Term):
    """http://hl7.org/fhir/R4/valueset-reaction-event-severity.html, and that of a problem"""

    MILD = "mild", "Mild"
    MODERATE = "moderate", "Moderate"
    SEVERE = "severe", "Severe"


class VerificationStatus(Term):
    """How certain it is (http://hl7.org/fhir/R4/valueset-allergyintolerance-verification.html)."""

    CONFIRMED = "confirmed", "Confirmed"
    UNCONFIRMED = "unconfirmed", "Suspected"


class AllergyCategory(Term):
    """http://hl7.org/fhir/R4/valueset-allergy-intolerance-category.html"""

    MEDICATION = "medication", "Medicine"
    FOOD = "food", "Food"
    ENVIRONMENT = "environment", "Environment, such as pollen or latex"
    BIOLOGIC = "biologic", "Biologic, such as a vaccine"


class AdministrationRoute(Term):
    """How a medicine is taken."""

    ORAL = "oral", "By mouth"
    SUBLINGUAL = "sublingual", "Under the tongue"
    INHALED = "inhaled", "Inhaled"
    TOPICAL = "topical", "On the skin"
    EYE = "eye", "Into the eye"
    EAR = "ear", "Into the ear"
    NASAL = "nasal", "Into the nose"
    RECTAL = "rectal", "Rectal"
    VAGINAL = "vaginal", "Vaginal"
    SUBCUTANEOUS = "subcutaneous", "Under the skin (injection)"
    INTRAMUSCULAR = "intramuscular", "Into the muscle (injection)"
    INTRAVENOUS = "intravenous", "Into the vein"
    OTHER = "other", "Another way, as the dose says"


class ObservationCategory(Term):
    """http://hl7.org/fhir/R4/valueset-observation-category.html (the part that the portal uses)"""

    VITAL_SIGNS = "vital-signs", "Vital signs"
    LABORATORY = "laboratory", "Laboratory"


class CompositionStatus(Term):
    """http://hl7.org/fhir/R4/valueset-composition-status.html (the part that the portal uses)"""

    PRELIMINARY = "preliminary", "Draft"
    FINAL = "final", "Signed"
    ENTERED_IN_ERROR = "entered-in-error", "Discarded"
