"""Medicines: current by the hospital's day, stopped with a reason, asked about when an allergy is."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.access import Deed
from portal.context import Context
from portal.errors import ChangedMeanwhile, Forbidden, Refused, Unfit
from portal.records.medications import actions, queries
from portal.records.medications.actions import Confirmation
from portal.records.medications.rules import Prescription
from portal.records.recording import Unconfirmed, confirmation_of
from portal.seen import Seen
from portal.settings.hospital import Hospital
from portal.vocabulary import AdministrationRoute
from tests.builders import a_medicine, actor_of, an_allergy, context_for
from tests.builders.ward import Ward

TODAY = date(2026, 3, 3)


NOTHING_READ = Confirmation()


def prescription(**facts: Any) -> Prescription:
    defaults = {
        "medication": "Amoxicillin 500 mg capsules",
        "dose": "1 capsule",
        "route": AdministrationRoute.ORAL,
        "frequency": "three times a day",
        "starts_on": TODAY,
        "ends_on": None,
        "note": "",
    }
    return Prescription(**{**defaults, **facts})


def prescribe(
    ward: Ward,
    confirmed: Confirmation = NOTHING_READ,
    **facts: Any,
) -> str:
    return actions.prescribe(
        ward.as_doctor,
        patient_ref=ward.patient.ref,
        prescription=prescription(**facts),
        confirmed=confirmed,
    )


def change(ward: Ward, ref: str, version: int, **facts: Any) -> None:
    actions.change(
        ward.as_doctor,
        patient_ref=ward.patient.ref,
        medicine=Seen(ref, version),
        prescription=prescription(**facts),
        confirmed=Confirmation(),
    )


def names(ward: Ward, context: Context | None = None) -> list[str]:
    context = context or ward.as_doctor
    subject = context.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    return [row.medication for row in queries.current(context, subject)]


def test_the_prescriber_is_whoever_prescribes(ward: Ward) -> None:
    ref = prescribe(ward)
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    row = queries.find(ward.as_doctor, subject, ref)
    assert (row.prescriber_name, row.dose) == (ward.doctor.name, "1 capsule")
    for context in (ward.as_nurse, ward.as_patient):
        with pytest.raises(Forbidden):
            actions.prescribe(
                context,
                patient_ref=ward.patient.ref,
                prescription=prescription(),
                confirmed=Confirmation(),
            )


def test_stopping_one_and_starting_another_lists_each_once(ward: Ward) -> None:
    ref = prescribe(ward)
    actions.stop(
        ward.as_doctor,
        patient_ref=ward.patient.ref,
        medicine=Seen(ref, 1),
        stopped_on=TODAY,
        reason="Rash",
    )
    prescribe(ward, medication="Doxycycline 100 mg")

    assert names(ward) == ["Doxycycline 100 mg"]
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    (ended,), _ = queries.ended(ward.as_doctor, subject, None)
    assert (ended.medication, ended.stop_reason) == ("Amoxicillin 500 mg capsules", "Rash")
    with pytest.raises(Refused, match="stopped already"):
        actions.stop(
            ward.as_doctor,
            patient_ref=ward.patient.ref,
            medicine=Seen(ref, 2),
            stopped_on=TODAY,
            reason="Again",
        )


def test_a_medicine_to_be_stopped_tomorrow_is_taken_today(ward: Ward) -> None:
    ref = prescribe(ward)
    actions.stop(
        ward.as_doctor,
        patient_ref=ward.patient.ref,
        medicine=Seen(ref, 1),
        stopped_on=date(2026, 3, 4),
        reason="Course is over",
    )
    assert names(ward) == ["Amoxicillin 500 mg capsules"]
    assert names(ward, ward.later(ward.doctor, days=1)) == []


def test_current_is_by_the_hospitals_day(ward: Ward) -> None:
    """9pm in New York is the next day by UTC."""
    a_medicine(ward.session, ward.patient, "Until the third", ends_on=TODAY)
    evening = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
    by = actor_of(ward.doctor)
    new_york = context_for(ward.session, by, evening, Hospital(zone=ZoneInfo("America/New_York")))
    assert names(ward, new_york) == ["Until the third"]
    assert names(ward, context_for(ward.session, by, evening)) == []


def test_an_allergy_asks_and_wants_a_reason(ward: Ward) -> None:
    an_allergy(ward.session, ward.patient, "Penicillin")
    with pytest.raises(Unconfirmed) as fault:
        prescribe(ward)
    assert fault.value.warnings == ("The patient is allergic to Penicillin.",)
    seen = confirmation_of(fault.value.warnings)
    with pytest.raises(Unfit) as unfit:
        prescribe(ward, Confirmation(seen))
    assert unfit.value.field == "allergy_reason"
    ref = prescribe(ward, Confirmation(seen, "Desensitised in 2024"))

    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    assert queries.find(ward.as_doctor, subject, ref).allergy_reason == "Desensitised in 2024"


def test_a_new_allergy_makes_an_old_confirmation_invalid(ward: Ward) -> None:
    an_allergy(ward.session, ward.patient, "Penicillin")
    with pytest.raises(Unconfirmed) as fault:
        prescribe(ward)
    an_allergy(ward.session, ward.patient, "Amoxicillin")
    with pytest.raises(Unconfirmed):
        prescribe(ward, Confirmation(confirmation_of(fault.value.warnings), "Desensitised"))


def test_the_same_medicine_twice_is_asked_about(ward: Ward) -> None:
    prescribe(ward)
    with pytest.raises(Unconfirmed, match="Check"):
        prescribe(ward)


def test_the_second_of_two_prescribers_is_told(ward: Ward) -> None:
    ref = prescribe(ward)
    change(ward, ref, 1, dose="2 capsules")
    with pytest.raises(ChangedMeanwhile):
        change(ward, ref, 1, frequency="twice a day")
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    row = queries.find(ward.as_doctor, subject, ref)
    assert (row.dose, row.frequency, row.version) == ("2 capsules", "three times a day", 2)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"starts_on": date(1980, 1, 1)}, "starts_on"),
        ({"starts_on": date(2036, 1, 1)}, "starts_on"),
        ({"ends_on": date(2026, 3, 2)}, "ends_on"),
    ],
)
def test_days_that_cannot_be_are_refused(ward: Ward, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Unfit) as fault:
        prescribe(ward, **facts)
    assert fault.value.field == field
