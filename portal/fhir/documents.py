"""Documents as FHIR R4: DocumentReference for the metadata, Binary for the file.

Shapes after http://hl7.org/fhir/R4/documentreference.html and …/binary.html; types by LOINC.
"""

import base64
from typing import Any, BinaryIO

from portal.models import DocumentReference, Patient
from portal.vocabulary import DocumentType

LOINC = "http://loinc.org"
SHA256 = "urn:ietf:rfc:6920#sha-256"
"""In FHIR, `attachment.hash` is SHA-1, so the SHA-256 becomes an identifier of the document."""

CODES = {
    DocumentType.LETTER: ("51852-2", "Letter"),
    DocumentType.REFERRAL: ("57133-1", "Referral note"),
    DocumentType.DISCHARGE: ("18842-5", "Discharge summary"),
    DocumentType.RESULT: ("11502-2", "Laboratory report"),
    DocumentType.IMAGING: ("18748-4", "Diagnostic imaging study"),
    DocumentType.PHOTO: ("72170-4", "Photographic image"),
    DocumentType.PRESCRIPTION: ("57833-6", "Prescription for medication"),
    DocumentType.IMMUNIZATION: ("11369-6", "History of Immunization note"),
    DocumentType.CONSENT: ("59284-0", "Consent Document"),
}
"""`OTHER` has no code, only its title."""


def binary_url(row: DocumentReference) -> str:
    return f"Binary/{row.ref}"


def document_reference(row: DocumentReference, patient_ref: str) -> dict[str, Any]:
    """The resource. Its attachment's data is the Binary that `binary` makes."""
    resource: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "id": row.ref,
        "identifier": [{"system": SHA256, "value": row.sha256}],
        "status": row.status.value,
        "type": _type(row),
        "subject": {"reference": Patient.reference(patient_ref)},
        "date": row.created_at.isoformat(),
        "description": row.title,
        "content": [{"attachment": _attachment(row)}],
    }
    if row.author:
        resource["author"] = [{"display": row.author}]
    return resource


def binary(row: DocumentReference, patient_ref: str, file: BinaryIO) -> dict[str, Any]:
    """The whole file as Base64, in memory; convert one at a time."""
    return {
        "resourceType": "Binary",
        "id": row.ref,
        "contentType": row.content_type,
        "securityContext": {"reference": Patient.reference(patient_ref)},
        "data": base64.b64encode(file.read()).decode(),
    }


def _type(row: DocumentReference) -> dict[str, Any]:
    coded = CODES.get(row.type)
    if coded is None:
        return {"text": row.title}
    code, display = coded
    return {"coding": [{"system": LOINC, "code": code, "display": display}], "text": display}


def _attachment(row: DocumentReference) -> dict[str, Any]:
    attachment: dict[str, Any] = {
        "contentType": row.content_type,
        "url": binary_url(row),
        "size": row.size,
        "title": row.attachment_title,
    }
    if row.created_on:
        attachment["creation"] = row.created_on.isoformat()
    return attachment
