"""Documents in FHIR format: cardinalities, types and codes of R4."""

import base64
import io
import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.fhir.documents import CODES, binary, document_reference
from portal.vocabulary import DocumentReferenceStatus, DocumentType
from tests.builders import a_document, a_patient

ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LOINC = re.compile(r"\d{1,7}-\d")
ELEMENTS = {
    *("resourceType", "id", "identifier", "status", "type", "subject", "date", "author"),
    *("description", "content"),
}


def check_digit(code: str) -> bool:
    """LOINC's own: Luhn's, over the digits before the hyphen."""
    digits, check = code.split("-")
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return (10 - total % 10) % 10 == int(check)


@pytest.mark.parametrize("type_", DocumentType)
def test_a_document_reference_has_the_shape_of_r4(session: Session, type_: DocumentType) -> None:
    patient = a_patient(session)
    row = a_document(
        session, patient, type=type_, author="St Elsewhere", created_on=date(2026, 3, 2)
    )
    found = document_reference(row, patient.ref)

    assert found.keys() == ELEMENTS
    assert ID.fullmatch(found["id"])
    assert found["status"] in {"current", "superseded", "entered-in-error"}
    assert INSTANT.fullmatch(found["date"])
    assert found["subject"] == {"reference": f"Patient/{patient.ref}"}
    assert found["author"] == [{"display": "St Elsewhere"}]
    assert found["type"]["text"]
    for coding in found["type"].get("coding", []):
        assert coding["system"] == "http://loinc.org"
        assert LOINC.fullmatch(coding["code"])
        assert check_digit(coding["code"])
    [content] = found["content"]
    assert content["attachment"] == {
        "contentType": "application/pdf",
        "url": f"Binary/{row.ref}",
        "size": row.size,
        "title": "letter.pdf",
        "creation": "2026-03-02",
    }
    assert no_element_is_empty(found)


def test_what_nobody_said_is_left_out(session: Session) -> None:
    patient = a_patient(session)
    row = a_document(session, patient, status=DocumentReferenceStatus.ENTERED_IN_ERROR)
    found = document_reference(row, patient.ref)

    assert found.keys() == ELEMENTS - {"author"}
    assert found["status"] == "entered-in-error"
    assert "creation" not in found["content"][0]["attachment"]


def test_the_binary_holds_the_file(session: Session) -> None:
    patient = a_patient(session)
    row = a_document(session, patient)
    found = binary(row, patient.ref, io.BytesIO(b"%PDF"))

    assert base64.b64decode(found.pop("data")) == b"%PDF"
    assert found == {
        "resourceType": "Binary",
        "id": row.ref,
        "contentType": "application/pdf",
        "securityContext": {"reference": f"Patient/{patient.ref}"},
    }


def test_every_kind_but_the_other_has_a_code() -> None:
    assert set(DocumentType) - CODES.keys() == {DocumentType.OTHER}


def no_element_is_empty(value: Any) -> bool:
    """FHIR: an element is left out, never empty."""
    if isinstance(value, dict):
        return bool(value) and all(no_element_is_empty(one) for one in value.values())
    if isinstance(value, list):
        return bool(value) and all(map(no_element_is_empty, value))
    return value not in ("", None)
