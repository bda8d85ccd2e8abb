"""People."""

from portal.vocabulary.term import Term


class AdministrativeGender(Term):
    """http://hl7.org/fhir/ValueSet/administrative-gender"""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    OTHER = "other", "Other"
    UNKNOWN = "unknown", "Not known"


class Relationship(Term):
    """The relationship of the account's owner to the patient (a subset of HL7 v3 RoleCode)."""

    ONESELF = "oneself", "The patient"
    PARENT = "parent", "Parent"
    GUARDIAN = "guardian", "Guardian"
    CARER = "carer", "Carer"
