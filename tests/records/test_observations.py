"""Vital signs: saved as typed, corrected without loss, and drawn with the values that are printed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access import Deed
from portal.context import Context
from portal.errors import ChangedMeanwhile, Refused, Unfit
from portal.models import Observation
from portal.records.observations import actions, queries
from portal.records.observations.actions import VitalSigns
from portal.records.observations.trends import trends_of
from portal.records.recording import CLOSED, Unconfirmed, confirmation_of
from portal.records.versions.queries import versions_of
from portal.seen import Seen
from tests.builders import NOW, vital_signs
from tests.builders.ward import Ward

TYPED = {"weight": "72.50", "height": "177", "temperature": "38.0", "pulse": ""}


def record(context: Context, ward: Ward, values: dict[str, str], **sent: Any) -> str:
    at = sent.pop("at", NOW)
    return actions.record(
        context,
        patient_ref=ward.patient.ref,
        measured=VitalSigns(values, at),
        **{"confirmed": "", **sent},
    )


def change(ward: Ward, panel: Seen, values: dict[str, str]) -> None:
    actions.change(
        ward.as_nurse,
        patient_ref=ward.patient.ref,
        panel=panel,
        measured=VitalSigns(values, NOW),
        confirmed="",
    )


def last(ward: Ward) -> dict[str, str]:
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    return {value.name: value.said for value in queries.last(ward.as_doctor, subject).values()}


def test_what_was_typed_is_kept_through_ten_corrections(ward: Ward) -> None:
    ref = record(ward.as_nurse, ward, TYPED)
    for version in range(1, 11):
        change(ward, Seen(ref, version), TYPED)

    assert last(ward) == {
        "Temperature": "38.0 °C",
        "Weight": "72.50 kg",
        "Height": "177 cm",
        "Body mass index": "23.1 kg/m²",
    }
    assert len(ward.session.scalars(select(Observation)).all()) == 4


def test_a_correction_keeps_every_value_that_was_saved(ward: Ward) -> None:
    ref = record(ward.as_nurse, ward, TYPED)
    change(ward, Seen(ref, 1), {**TYPED, "weight": "75.2", "temperature": ""})

    assert last(ward)["Weight"] == "75.2 kg"
    assert "Temperature" not in last(ward)
    rows = ward.session.scalars(select(Observation)).all()
    assert {row.value for row in rows if row.error_at} == {"72.50", "38.0", "23.1"}
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    second, first = versions_of(ward.as_doctor, subject, ref)
    assert (first.content["Weight"], second.content["Weight"]) == ("72.50 kg", "75.2 kg")


def test_the_second_of_two_nurses_is_told(ward: Ward) -> None:
    ref = record(ward.as_nurse, ward, TYPED)
    change(ward, Seen(ref, 1), {**TYPED, "pulse": "80"})
    with pytest.raises(ChangedMeanwhile):
        change(ward, Seen(ref, 1), {**TYPED, "pulse": "90"})
    assert last(ward)["Pulse"] == "80 beats a minute"


def test_two_nurses_who_each_measured_both_count(ward: Ward) -> None:
    record(ward.as_nurse, ward, {"pulse": "80"})
    record(ward.as_doctor, ward, {"pulse": "82"})
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    found, _ = queries.vital_signs(ward.as_doctor, subject, None)
    assert [it.values[0].value for it in found] == ["82", "80"]


def test_an_unusual_value_is_saved_when_confirmed_and_nothing_is_half_saved(ward: Ward) -> None:
    heavy = {"weight": "300", "pulse": "80"}
    with pytest.raises(Unconfirmed) as fault:
        record(ward.as_nurse, ward, heavy)
    assert ward.session.scalars(select(Observation)).all() == []
    record(ward.as_nurse, ward, heavy, confirmed=confirmation_of(fault.value.warnings))
    assert last(ward)["Weight"] == "300 kg"


@pytest.mark.parametrize("values", [{}, {"pulse": "", "weight": ""}])
def test_an_empty_form_is_refused(ward: Ward, values: dict[str, str]) -> None:
    vital_signs(ward.session, ward.patient)
    with pytest.raises(Refused, match="at least one"):
        record(ward.as_nurse, ward, values)


@pytest.mark.parametrize(
    "at", [NOW + timedelta(hours=1), datetime(1980, 1, 1, tzinfo=UTC)], ids=["future", "unborn"]
)
def test_a_time_that_cannot_be_is_refused(ward: Ward, at: datetime) -> None:
    with pytest.raises(Unfit) as fault:
        record(ward.as_nurse, ward, TYPED, at=at)
    assert fault.value.field == "measured_on"


def test_a_set_entered_in_error_is_not_counted(ward: Ward) -> None:
    ref = record(ward.as_nurse, ward, TYPED)
    wrong: dict[str, Any] = {"patient_ref": ward.patient.ref, "reason": "Wrong patient"}
    actions.mark_in_error(ward.as_nurse, **wrong, panel=Seen(ref, 1))
    with pytest.raises(ChangedMeanwhile):
        actions.mark_in_error(ward.as_nurse, **wrong, panel=Seen(ref, 1))

    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    assert last(ward) == {}
    assert queries.over_time(ward.as_doctor, subject) == []
    (shown,), _ = queries.vital_signs(ward.as_doctor, subject, None)
    assert {value.value for value in shown.values} >= {"72.50", "177"}  # Readable, struck through.


def test_a_closed_visit_takes_no_vital_signs_from_an_old_tab(ward: Ward) -> None:
    record(ward.as_nurse, ward, TYPED, visit=ward.visit.ref)
    ward.visit.signed_at = NOW
    ward.session.flush()
    with pytest.raises(Refused) as fault:
        record(ward.as_nurse, ward, TYPED, visit=ward.visit.ref)
    assert fault.value.message == CLOSED


def test_sets_are_paged_by_key(ward: Ward) -> None:
    for hours in range(queries.PAGE + 2):
        at = NOW - timedelta(hours=hours // 2)  # Some at the very same time.
        vital_signs(ward.session, ward.patient, effective_at=at)
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    first, more = queries.vital_signs(ward.as_doctor, subject, None)
    rest, end = queries.vital_signs(ward.as_doctor, subject, more)
    refs = [it.panel.ref for it in (*first, *rest)]
    assert (len(refs), len(set(refs)), end) == (queries.PAGE + 2, queries.PAGE + 2, None)


def reading(value: str, unit: str = "kg", code: str = "29463-7", days: int = 0) -> queries.Value:
    at = NOW + timedelta(days=days)
    return queries.Value(1, code, "Weight", value, unit, at)


def test_two_units_are_two_pictures() -> None:
    found = trends_of([reading("97", "mg/L", "x"), reading("2.43", "mmol/L", "x")], 480)
    assert [(trend.unit, len(trend.points)) for trend in found] == [("mg/L", 1), ("mmol/L", 1)]


def test_the_picture_draws_the_value_that_is_printed() -> None:
    readings = [reading("4.1", days=day) for day in range(4)] + [reading("4.2", days=5)]
    (trend,) = trends_of(readings, 480)
    assert len({point.y for point in trend.points[:4]}) == 1
    assert trend.points[4].y < trend.points[0].y
    assert (trend.lowest, trend.highest) == ("4.1", "4.2")


def test_what_is_outside_the_usual_range_is_counted_and_has_its_own_shape() -> None:
    pulse = [reading(value, "/min", "8867-4", day) for day, value in enumerate(("72", "120", "40"))]
    (trend,) = trends_of(pulse, 480)
    assert (trend.outside, trend.range) == (2, "51 to 90")
    assert [point.flag for point in trend.points] == ["", "high", "low"]
    (child,) = trends_of(pulse, 60)
    assert (child.outside, child.range, child.band) == (0, "", None)
