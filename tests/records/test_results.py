"""Results of the laboratory: kept as typed, corrected without losing what was there, told apart by unit."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access import Deed
from portal.errors import ChangedMeanwhile, NotFound, Refused, Unfit
from portal.models import Observation
from portal.records.panels.rules import BLOOD_COUNT, METABOLIC, URINE, Panel
from portal.records.recording import Sent, Unconfirmed, confirmation_of
from portal.records.results import actions, queries
from portal.records.results.rules import EMPTY, NOT_A_RESULT, Entered, Results, clean_result
from portal.records.results.trends import over_time, person_of
from portal.records.versions.queries import versions_of
from portal.seen import Seen
from tests.builders import NOW, a_report, audited, vital_signs
from tests.builders.ward import Ward

POTASSIUM = {"potassium": Entered("4.10", "mmol/L")}


def record(ward: Ward, entered: dict[str, Entered], panel: Panel = METABOLIC, **sent: Any) -> str:
    at = sent.pop("at", NOW)
    results = Results(panel, entered, at)
    return actions.record(ward.as_nurse, patient_ref=ward.patient.ref, results=results, **sent)


def change(ward: Ward, report: Seen, entered: dict[str, Entered]) -> None:
    results = Results(METABOLIC, entered, NOW)
    actions.change(ward.as_nurse, patient_ref=ward.patient.ref, report=report, results=results)


def shown(ward: Ward) -> list[list[str]]:
    """The values of each report, as its page says them."""
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    found, _ = queries.reports(ward.as_doctor, subject, None)
    return [[f"{value.name} {value.said}" for value in it.values] for it in found]


def test_what_was_typed_is_kept_through_ten_corrections(ward: Ward) -> None:
    typed = {**POTASSIUM, "creatinine": Entered("<30.50", "umol/L")}
    ref = record(ward, typed)
    for version in range(1, 11):
        change(ward, Seen(ref, version), typed)

    assert shown(ward) == [["Potassium 4.10 mmol/L", "Creatinine <30.50 µmol/L"]]
    assert len(ward.session.scalars(select(Observation)).all()) == 2


def test_answers_in_words_are_kept_and_no_others_taken(ward: Ward) -> None:
    record(ward, {"urine-nitrite": Entered("Positive"), "urine-protein": Entered("1+")}, URINE)
    assert shown(ward) == [["Protein in urine 1+", "Nitrite in urine Positive"]]
    with pytest.raises(Unfit) as fault:
        record(ward, {"urine-nitrite": Entered("Perhaps")}, URINE)
    assert fault.value.field == "urine-nitrite"


def test_a_correction_keeps_every_value_that_was_saved(ward: Ward) -> None:
    ref = record(ward, {**POTASSIUM, "sodium": Entered("140", "mmol/L")})
    change(ward, Seen(ref, 1), {"potassium": Entered("4.9", "mmol/L")})

    assert shown(ward) == [["Potassium 4.9 mmol/L"]]
    rows = ward.session.scalars(select(Observation)).all()
    assert {row.value for row in rows if row.error_at} == {"4.10", "140"}
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    second, first = versions_of(ward.as_doctor, subject, ref)
    assert first.content["Potassium"] == "4.10 mmol/L"
    assert second.content["Potassium"] == "4.9 mmol/L"


def test_the_same_number_in_another_unit_is_another_value(ward: Ward) -> None:
    ref = record(ward, {"haemoglobin": Entered("15", "g/dL")}, BLOOD_COUNT)
    results = Results(BLOOD_COUNT, {"haemoglobin": Entered("150", "g/L")}, NOW)
    actions.change(
        ward.as_nurse, patient_ref=ward.patient.ref, report=Seen(ref, 1), results=results
    )
    assert shown(ward) == [["Haemoglobin 150 g/L"]]


def test_the_second_of_two_is_told(ward: Ward) -> None:
    ref = record(ward, POTASSIUM)
    change(ward, Seen(ref, 1), {"potassium": Entered("4.2", "mmol/L")})
    with pytest.raises(ChangedMeanwhile):
        change(ward, Seen(ref, 1), {"potassium": Entered("4.3", "mmol/L")})
    assert shown(ward) == [["Potassium 4.2 mmol/L"]]


def test_the_impossible_is_refused_and_the_unusual_confirmed(ward: Ward) -> None:
    with pytest.raises(Unfit) as fault:
        record(ward, {"potassium": Entered("41", "mmol/L")})
    assert fault.value.field == "potassium"
    with pytest.raises(Unconfirmed) as asked:
        record(ward, {"potassium": Entered("7.1", "mmol/L")})
    assert shown(ward) == []
    sent = Sent(confirmation_of(asked.value.warnings))
    record(ward, {"potassium": Entered("7.1", "mmol/L")}, sent=sent)
    assert shown(ward) == [["Potassium 7.1 mmol/L"]]


def test_an_empty_report_is_refused(ward: Ward) -> None:
    with pytest.raises(Refused, match=EMPTY):
        record(ward, {"potassium": Entered("", "mmol/L")})


@pytest.mark.parametrize(
    "at", [NOW + timedelta(hours=1), datetime(1980, 1, 1, tzinfo=UTC)], ids=["future", "unborn"]
)
def test_a_time_that_cannot_be_is_refused(ward: Ward, at: datetime) -> None:
    with pytest.raises(Unfit) as fault:
        record(ward, POTASSIUM, at=at)
    assert fault.value.field == "measured_on"


def test_a_report_in_error_counts_nowhere_and_stays_readable(ward: Ward) -> None:
    ref = record(ward, POTASSIUM)
    wrong: dict[str, Any] = {"patient_ref": ward.patient.ref, "reason": "Wrong patient"}
    actions.mark_in_error(ward.as_nurse, **wrong, report=Seen(ref, 1))
    with pytest.raises(ChangedMeanwhile):
        actions.mark_in_error(ward.as_nurse, **wrong, report=Seen(ref, 1))

    assert shown(ward) == [["Potassium 4.10 mmol/L"]]
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    value = ward.session.scalars(select(Observation.ref)).one()
    with pytest.raises(NotFound):
        queries.over_time(ward.as_doctor, subject, value)


def test_vital_signs_and_others_reports_are_not_found_here(ward: Ward) -> None:
    vitals = vital_signs(ward.session, ward.patient)
    other = a_report(ward.session, ward.stranger)
    for ref in (vitals.ref, other.ref):
        with pytest.raises(NotFound):
            change(ward, Seen(ref, 1), POTASSIUM)
        with pytest.raises(NotFound):
            actions.mark_in_error(
                ward.as_nurse, patient_ref=ward.patient.ref, report=Seen(ref, 1), reason="Wrong"
            )


def test_who_recorded_it_is_in_the_trail_without_a_value(ward: Ward) -> None:
    ref = record(ward, POTASSIUM)
    (entry,) = audited(ward.session, "record results")
    assert (entry.entity, entry.detail) == (f"ObservationPanel/{ref}", {"added": True})


def test_reports_are_paged_by_key(ward: Ward) -> None:
    for hours in range(queries.PAGE + 2):
        a_report(ward.session, ward.patient, effective_at=NOW - timedelta(hours=hours // 2))
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    first, more = queries.reports(ward.as_doctor, subject, None)
    rest, end = queries.reports(ward.as_doctor, subject, more)
    refs = [it.report.ref for it in (*first, *rest)]
    assert (len(refs), len(set(refs)), end) == (queries.PAGE + 2, queries.PAGE + 2, None)


def test_two_units_of_one_test_are_two_charts_and_comparators_are_shown(ward: Ward) -> None:
    for days, text, unit in ((9, "15.0", "g/dL"), (5, "119", "g/L"), (1, ">150", "g/L")):
        entered = {"haemoglobin": Entered(text, unit)}
        record(ward, entered, BLOOD_COUNT, at=NOW - timedelta(days=days))
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    value = ward.session.scalars(select(Observation.ref)).first()
    assert value is not None
    values = queries.over_time(ward.as_doctor, subject, value)
    found = over_time(values, person_of(subject, ward.as_doctor.hospital))
    assert [(chart.unit, len(chart.points)) for chart in found.charts] == [("g/dL", 1), ("g/L", 2)]
    assert found.charts[1].highest == ">150"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("4.10", "4.10"), (" < 0.5", "<0.5"), ("≥100", ">=100"), ("", ""), (None, "")],
)
def test_a_result_is_kept_as_typed(typed: str | None, kept: str) -> None:
    assert clean_result(typed) == kept


@pytest.mark.parametrize("typed", ["4,1", "1e5", "٤", "positive", "<", "4.1 mmol/L", "-1", "1/2"])
def test_what_is_no_number_is_refused_kindly(typed: str) -> None:
    with pytest.raises(ValueError, match="point" if "," in typed else NOT_A_RESULT[:20]):
        clean_result(typed)
