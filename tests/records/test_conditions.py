"""Problems: found by words, warned of when they are there already, offered again when they are not active."""

from typing import Any

import pytest

from portal.access import Deed
from portal.context import Context
from portal.errors import Unfit
from portal.records.conditions import actions, codes, queries
from portal.records.conditions.icd_10_cm import all_codes
from portal.records.conditions.rules import Problem, ProblemDetails
from portal.records.recording import Sent, Unconfirmed, confirmation_of
from portal.seen import Seen
from portal.vocabulary import ClinicalStatus, VerificationStatus
from tests.builders import a_problem
from tests.builders.ward import Ward

ICD = [
    ("E11.9", "Type 2 diabetes mellitus without complications"),
    ("E11.65", "Type 2 diabetes mellitus with hyperglycemia"),
    ("E10.9", "Type 1 diabetes mellitus without complications"),
    ("I10", "Essential (primary) hypertension"),
]
DIABETES = Problem("Type 2 diabetes mellitus without complications", "E11.9")


def details(**facts: Any) -> ProblemDetails:
    defaults = {
        "clinical_status": ClinicalStatus.ACTIVE,
        "verification_status": VerificationStatus.CONFIRMED,
        "severity": None,
        "onset": "2019-05",
        "abatement": "",
        "note": "",
    }
    return ProblemDetails(**{**defaults, **facts})


def record(context: Context, ward: Ward, problem: Problem = DIABETES, **sent: Any) -> str:
    return actions.record(
        context,
        patient_ref=ward.patient.ref,
        problem=problem,
        details=details(),
        sent=Sent(**sent),
    )


def active(ward: Ward) -> list[str]:
    context = ward.as_doctor
    subject = context.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    return [row.name for row in queries.active(context, subject)]


def test_codes_are_found_by_the_beginnings_of_words_and_by_code(ward: Ward) -> None:
    assert codes.load(ward.session, ICD) == 4
    found = [code for code, _ in codes.find(ward.as_doctor, "diab type 2")]
    assert found == ["E11.65", "E11.9"]
    assert codes.find(ward.as_doctor, "i10") == [("I10", "Essential (primary) hypertension")]
    assert codes.find(ward.as_doctor, "%") == []
    assert codes.find(ward.as_doctor, "青") == []
    assert codes.load(ward.session, ICD[:1]) == 1
    assert codes.title_of(ward.as_doctor, "I10") is None


def test_free_text_gets_no_code(ward: Ward) -> None:
    record(ward.as_nurse, ward, Problem("Lives alone on the fourth floor"))
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    (row,) = queries.active(ward.as_doctor, subject)
    assert (row.name, row.code) == ("Lives alone on the fourth floor", None)


@pytest.mark.parametrize(
    "again", [DIABETES, Problem("type 2 DIABETES mellitus without complications")]
)
def test_the_same_problem_is_warned_of_and_recorded_when_confirmed(
    ward: Ward, again: Problem
) -> None:
    record(ward.as_doctor, ward)
    with pytest.raises(Unconfirmed) as fault:
        record(ward.as_doctor, ward, again)
    assert "in the record already, as active" in fault.value.warnings[0]
    record(ward.as_doctor, ward, again, confirmed=confirmation_of(fault.value.warnings))
    assert len(active(ward)) == 2


def test_a_resolved_one_is_warned_of_too(ward: Ward) -> None:
    a_problem(ward.session, ward.patient, DIABETES.name, clinical_status=ClinicalStatus.RESOLVED)
    with pytest.raises(Unconfirmed) as fault:
        record(ward.as_doctor, ward)
    assert "as resolved" in fault.value.warnings[0]


def test_one_entered_in_error_is_not_warned_of(ward: Ward) -> None:
    ref = record(ward.as_doctor, ward)
    actions.mark_in_error(
        ward.as_doctor, patient_ref=ward.patient.ref, problem=Seen(ref, 1), reason="Wrong patient"
    )
    record(ward.as_doctor, ward)
    assert active(ward) == [DIABETES.name]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"abatement": "2018", "clinical_status": ClinicalStatus.RESOLVED}, "abatement"),
        ({"abatement": "2020"}, "abatement"),
        ({"onset": "1970"}, "onset"),
        ({"onset": "2030"}, "onset"),
    ],
)
def test_dates_that_cannot_be_are_refused(ward: Ward, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Unfit) as fault:
        actions.record(
            ward.as_doctor,
            patient_ref=ward.patient.ref,
            problem=DIABETES,
            details=details(**facts),
        )
    assert fault.value.field == field


def test_past_problems_are_paged_by_key(ward: Ward) -> None:
    for _ in range(queries.PAGE + 3):
        a_problem(ward.session, ward.patient, clinical_status=ClinicalStatus.RESOLVED)
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    first, more = queries.others(ward.as_doctor, subject, None)
    rest, end = queries.others(ward.as_doctor, subject, more)
    assert (len(first), len(rest), end) == (queries.PAGE, 3, None)
    assert not {row.ref for row in first} & {row.ref for row in rest}


@pytest.mark.filterwarnings("ignore:.* is deprecated. Use files:DeprecationWarning")
def test_every_code_of_the_package_comes_once_and_fits_the_table() -> None:
    found = list(all_codes())
    assert len(found) == len({code for code, _ in found}) > 70_000
    assert ("E11.9", "Type 2 diabetes mellitus without complications") in found
    assert max(len(code) for code, _ in found) <= 10
    assert max(len(title) for _, title in found) <= 255
