"""The day of an appointment: every step, every undo, and who may do it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.appointments.attendance.actions import take_step
from portal.errors import ChangedMeanwhile, Forbidden, NotFound, Refused
from portal.models import Account, Appointment, Encounter
from portal.vocabulary import AppointmentStatus, EncounterStatus, Mode, Step
from tests.appointments.booking.actions.desk import MINUTE
from tests.builders import (
    NOW,
    a_clinician,
    a_location,
    a_slot,
    actor_of,
    an_account,
    an_appointment,
    audited,
    audited_deeds,
    context_for,
    seen,
)
from tests.builders.morning import Clinic, found_a_clinic

LATER_TODAY = NOW + timedelta(hours=1)


@pytest.fixture
def clinic(session: Session) -> Clinic:
    return found_a_clinic(session)


class Ward:
    """One appointment later today, and its people."""

    def __init__(self, session: Session, clinic: Clinic, **facts: object) -> None:
        self.session = session
        self.clinic = clinic
        slot = a_slot(session, clinic.practitioner, clinic.location, starts_at=LATER_TODAY, **facts)
        self.appointment: Appointment = an_appointment(session, clinic.patient, slot)
        self.now = NOW

    def step(self, step: Step, by: Account | None = None) -> None:
        default = {
            Step.START: self.clinic.doctor,
            Step.FINISH: self.clinic.doctor,
        }.get(step, self.clinic.reception)
        context = context_for(self.session, actor_of(by or default), self.now)
        take_step(context, step=step, appointment=seen(self.appointment))
        self.session.refresh(self.appointment)

    @property
    def encounter(self) -> Encounter:
        return self.session.scalars(
            select(Encounter).execution_options(populate_existing=True)
        ).one()


@pytest.fixture
def ward(session: Session, clinic: Clinic) -> Ward:
    return Ward(session, clinic)


def test_a_patient_comes_is_seen_and_leaves(session: Session, ward: Ward) -> None:
    ward.step(Step.CHECK_IN)
    assert ward.appointment.status is AppointmentStatus.ARRIVED

    ward.now += 5 * MINUTE
    ward.step(Step.START)
    assert ward.appointment.status is AppointmentStatus.ARRIVED
    assert ward.encounter.status is EncounterStatus.IN_PROGRESS
    assert ward.encounter.class_code == "AMB"
    assert ward.encounter.patient_id == ward.clinic.patient.id
    assert ward.encounter.practitioner_id == ward.clinic.practitioner.id
    assert (ward.encounter.started_at, ward.encounter.ended_at) == (NOW + 5 * MINUTE, None)

    ward.now += 20 * MINUTE
    ward.step(Step.FINISH)
    assert ward.appointment.status is AppointmentStatus.FULFILLED
    assert ward.encounter.status is EncounterStatus.FINISHED
    assert ward.encounter.ended_at == NOW + 25 * MINUTE
    assert audited_deeds(session) == ["check in", "consult", "consult"]


def test_each_step_is_in_the_audit_trail(session: Session, ward: Ward) -> None:
    ward.step(Step.CHECK_IN)

    (entry,) = audited(session)

    assert entry.entity == f"Appointment/{ward.appointment.ref}"
    assert entry.patient_ref == ward.clinic.patient.ref
    assert entry.actor_ref == ward.clinic.reception.ref
    assert entry.detail == {"step": "check-in"}


@pytest.mark.parametrize("mode", [Mode.PHONE, Mode.VIDEO])
def test_a_call_starts_without_checking_in(session: Session, clinic: Clinic, mode: Mode) -> None:
    ward = Ward(session, clinic, mode=mode)

    with pytest.raises(Refused):
        ward.step(Step.CHECK_IN)
    ward.step(Step.START)

    assert ward.appointment.status is AppointmentStatus.ARRIVED
    assert ward.encounter.class_code == "VR"
    ward.step(Step.FINISH)
    assert ward.appointment.status is AppointmentStatus.FULFILLED


def test_a_mistaken_check_in_is_taken_back(ward: Ward) -> None:
    ward.step(Step.CHECK_IN)
    ward.step(Step.UNDO_CHECK_IN)

    assert ward.appointment.status is AppointmentStatus.BOOKED


def test_a_consultation_is_not_checked_out_again(ward: Ward) -> None:
    ward.step(Step.CHECK_IN)
    ward.step(Step.START)

    with pytest.raises(Refused):
        ward.step(Step.UNDO_CHECK_IN)


def test_an_appointment_that_has_not_begun_is_not_marked_as_missed(ward: Ward) -> None:
    with pytest.raises(Refused):
        ward.step(Step.MARK_NOSHOW)

    ward.now = LATER_TODAY
    ward.step(Step.MARK_NOSHOW)

    assert ward.appointment.status is AppointmentStatus.NOSHOW
    assert ward.appointment.occupied_slot_id is None


def test_a_patient_who_comes_late_is_checked_in_after_all(ward: Ward) -> None:
    ward.now = LATER_TODAY + 10 * MINUTE
    ward.step(Step.MARK_NOSHOW)
    ward.step(Step.UNDO_NOSHOW)
    ward.step(Step.CHECK_IN)

    assert ward.appointment.status is AppointmentStatus.ARRIVED
    assert ward.appointment.occupied_slot_id == ward.appointment.slot_id


def test_a_step_is_taken_once(ward: Ward) -> None:
    ward.step(Step.CHECK_IN)
    with pytest.raises(Refused):
        ward.step(Step.CHECK_IN)
    ward.step(Step.START)
    with pytest.raises(Refused):
        ward.step(Step.START)


def test_a_second_encounter_is_refused_by_the_database(session: Session, ward: Ward) -> None:
    """For example after an encounter was imported while the page was open."""
    ward.step(Step.CHECK_IN)
    session.add(
        Encounter(
            patient_id=ward.clinic.patient.id,
            appointment_id=ward.appointment.id,
            status=EncounterStatus.FINISHED,
            class_code="AMB",
            started_at=NOW,
        )
    )
    session.flush()

    with pytest.raises(ChangedMeanwhile), session.begin_nested():
        ward.step(Step.START)


def test_a_step_is_taken_on_the_day(ward: Ward) -> None:
    ward.now = NOW - timedelta(days=1)

    with pytest.raises(Refused, match="on the day"):
        ward.step(Step.CHECK_IN)


@pytest.mark.parametrize(
    ("step", "role", "fault"),
    [
        (Step.CHECK_IN, Role.PATIENT, Forbidden),
        (Step.CHECK_IN, Role.DOCTOR, Forbidden),
        (Step.CHECK_IN, Role.ADMINISTRATOR, Forbidden),
        (Step.START, Role.RECEPTION, Forbidden),
        (Step.MARK_NOSHOW, Role.PATIENT, Forbidden),
        (Step.CHECK_IN, Role.NURSE, NotFound),
        (Step.START, Role.DOCTOR, NotFound),
        (Step.MARK_NOSHOW, Role.DOCTOR, NotFound),
    ],
)
def test_a_step_is_only_for_certain_roles(
    session: Session, ward: Ward, step: Step, role: Role, fault: type[Exception]
) -> None:
    """The clinicians here work in another clinic."""
    if role in {Role.DOCTOR, Role.NURSE}:
        account, _ = a_clinician(session, role, [a_location(session)])
    else:
        account = an_account(session, role)

    with pytest.raises(fault):
        ward.step(step, by=account)


def test_the_nurse_of_the_clinic_checks_in_starts_and_finishes(ward: Ward) -> None:
    ward.step(Step.CHECK_IN, by=ward.clinic.nurse)
    ward.step(Step.START, by=ward.clinic.nurse)
    ward.step(Step.FINISH, by=ward.clinic.nurse)

    assert ward.appointment.status is AppointmentStatus.FULFILLED
