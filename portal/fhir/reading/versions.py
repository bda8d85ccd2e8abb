"""Recognising FHIR R4. A Bundle does not name its version."""

from portal.fhir.foreign import ForeignBundle
from portal.fhir.reading.elements import Element

R4_RESOURCES = frozenset(
    """
    Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse
    AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement
    CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse
    ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition
    Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest
    CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest
    DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis
    Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence
    EvidenceVariable ExampleScenario ExplanationOfBenefit FamilyMemberHistory Flag Goal
    GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy Immunization
    ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice
    Library Linkage List Location Measure MeasureReport Media Medication MedicationAdministration
    MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement MedicinalProduct
    MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication
    MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured
    MedicinalProductPackaged MedicinalProductPharmaceutical MedicinalProductUndesirableEffect
    MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionOrder Observation
    ObservationDefinition OperationDefinition OperationOutcome Organization OrganizationAffiliation
    Parameters Patient PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner
    PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson
    RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject
    RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen
    SpecimenDefinition StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid
    SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial
    SubstanceSpecification SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport
    TestScript ValueSet VerificationResult VisionPrescription
    """.split()  # noqa: SIM905 (quotes around each would help nobody)
)
"""https://hl7.org/fhir/R4/resourcelist.html"""

_OLD_CODE_SYSTEMS = ("http://hl7.org/fhir/v2/", "http://hl7.org/fhir/v3/")
"""The place of HL7's own codes up to STU3; in R4 it is http://terminology.hl7.org/."""

_ENCOUNTER_OF_R5 = ("actualPeriod", "plannedStartDate", "admission", "subjectStatus")
_ENCOUNTER_OF_STU3 = ("reason", "incomingReferral")


def refuse_other_versions(resource: Element, kind: str) -> None:
    """Raises `ForeignBundle` when the resource is of a shape that R4 does not have."""
    if kind not in R4_RESOURCES:
        raise ForeignBundle("its resourceType is not one of FHIR R4")
    if found := _other_version(resource, kind):
        raise ForeignBundle(f"it looks like FHIR {found}; the portal reads FHIR R4")


def _other_version(resource: Element, kind: str) -> str | None:
    if kind == "Encounter" and (found := _version_of_encounter(resource)):
        return found
    if kind == "Patient" and any(
        isinstance(name.values.get("family"), list) for name in resource.children("name")
    ):
        return "DSTU2 (name.family is a list)"
    if any(system.startswith(_OLD_CODE_SYSTEMS) for system in _systems(resource.values)):
        return "STU3 or older (its codes are of http://hl7.org/fhir/v2/ or v3/)"
    return None


def _version_of_encounter(resource: Element) -> str | None:
    if isinstance(resource.values.get("class"), str):
        return "DSTU2 (class is text)"
    if isinstance(resource.values.get("class"), list):
        return "R5 (class is a list)"
    for names, version in ((_ENCOUNTER_OF_R5, "R5"), (_ENCOUNTER_OF_STU3, "STU3")):
        for name in names:
            if name in resource:
                return f"{version} ({name} is not an element of R4's Encounter)"
    return None


def _systems(value: object) -> list[str]:
    """Every `system` inside, at any depth."""
    if isinstance(value, list):
        return [system for item in value for system in _systems(item)]
    if not isinstance(value, dict):
        return []
    own = value.get("system")
    below = [system for item in value.values() for system in _systems(item)]
    return [own, *below] if isinstance(own, str) else below
