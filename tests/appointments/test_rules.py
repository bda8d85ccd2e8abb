"""Rules about an appointment and the actor that several rooms use."""

import pytest

from portal.access import Actor, Role
from portal.appointments import rules
from portal.vocabulary import (
    AppointmentStatus,
    EncounterStatus,
    Phase,
    Relationship,
    SlotStatus,
)


def an_actor(*roles: Role) -> Actor:
    return Actor(account_id=1, ref="1" * 20, name="Somebody", roles=frozenset(roles))


@pytest.mark.parametrize(
    ("role", "acts_as", "reads"),
    [
        (Role.PATIENT, Relationship.PARENT, True),
        (Role.DOCTOR, None, True),
        (Role.NURSE, None, True),
        (Role.RECEPTION, None, False),
        (Role.RECEPTION, Relationship.PARENT, True),
    ],
)
def test_reception_does_not_read_why_a_patient_comes(
    role: Role, acts_as: Relationship | None, reads: bool
) -> None:
    by = an_actor(role)

    assert rules.may_read_reason(by, acts_as) is reads


def test_in_consultation_is_an_encounter_in_progress() -> None:
    arrived, running = AppointmentStatus.ARRIVED, EncounterStatus.IN_PROGRESS

    assert rules.phase_of(arrived, None) is Phase.ARRIVED
    assert rules.phase_of(arrived, running) is Phase.IN_CONSULTATION
    assert rules.phase_of(AppointmentStatus.FULFILLED, EncounterStatus.FINISHED) is Phase.FULFILLED
    for status in AppointmentStatus:
        assert rules.phase_of(status, None).title == status.title


def test_only_a_booked_appointment_has_to_be_rebooked() -> None:
    for status in AppointmentStatus:
        lost = rules.must_be_rebooked(status, SlotStatus.UNAVAILABLE)
        assert lost is (status is AppointmentStatus.BOOKED)
    assert not rules.must_be_rebooked(AppointmentStatus.BOOKED, SlotStatus.BUSY)
