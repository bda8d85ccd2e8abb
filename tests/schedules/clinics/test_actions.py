"""Clinics and their hours, practitioners and where they work."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import select

from portal.access import Role
from portal.errors import Forbidden, NotFound, Unfit
from portal.models import Practitioner, PractitionerRole
from portal.schedules import lookup
from portal.schedules.clinics.actions import (
    ClinicFacts,
    add_clinic,
    change_clinic,
    close_clinic,
    reopen_clinic,
)
from portal.schedules.practitioners.actions import (
    PractitionerFacts,
    add_practitioner,
    change_practitioner,
    deactivate_practitioner,
    reactivate_practitioner,
)
from portal.schedules.rules import Span
from portal.schedules.slots.actions import make_slots
from portal.schedules.slots.taking_out import Effect, to_rebook
from portal.seen import Seen
from portal.vocabulary import SlotStatus
from tests.builders import NOW, a_location, actor_of, an_account, seen_now
from tests.builders.tuesdays import Clinic, a_clinic

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE
WEEKDAYS = tuple(Span(day, time(8), time(18)) for day in range(5))
HEART = ClinicFacts("Heart clinic", "01632 960 201", "Level 2", WEEKDAYS)


def change(clinic: Clinic, facts: ClinicFacts) -> None:
    change_clinic(
        clinic.context(),
        clinic=seen_now(clinic.location),
        facts=facts,
    )


def close(clinic: Clinic, confirmed: str | None = None) -> Effect:
    return close_clinic(
        clinic.context(),
        clinic=seen_now(clinic.location),
        confirmed=confirmed,
    )


def test_a_new_clinic_may_open_twice_a_day(clinic: Clinic) -> None:
    split = (Span(0, time(8), time(12)), Span(0, time(13), time(18)))

    ref = add_clinic(clinic.context(), facts=replace(HEART, hours=split))

    row = lookup.location(clinic.session, ref)
    assert (row.name, row.phone, row.address) == ("Heart clinic", "01632 960 201", "Level 2")
    assert lookup.hours_of(clinic.session, row.id) == list(split)


def test_a_name_is_given_once_whatever_its_case(clinic: Clinic) -> None:
    taken = replace(HEART, name=clinic.location.name.upper())

    with pytest.raises(Unfit, match="with this name"):
        add_clinic(clinic.context(), facts=taken)
    other = a_clinic(clinic.session)
    with pytest.raises(Unfit, match="with this name"):
        change(other, taken)


def test_hours_change_when_every_session_still_fits(clinic: Clinic) -> None:
    change(clinic, replace(HEART, hours=(Span(1, time(9), time(12)),)))

    assert lookup.hours_of(clinic.session, clinic.location.id) == [Span(1, time(9), time(12))]


@pytest.mark.parametrize(
    "hours",
    [(), (Span(1, time(9), time(11)), Span(1, time(11), time(18))), (Span(2, time(8), time(18)),)],
    ids=["closed", "cut in two", "another day"],
)
def test_hours_that_would_leave_a_session_outside_are_refused(
    clinic: Clinic, hours: tuple[Span, ...]
) -> None:
    with pytest.raises(Unfit) as refusal:
        change(clinic, replace(HEART, hours=hours))

    assert refusal.value.field == "hours_1"
    assert f"{clinic.practitioner.name} on Tuesday 9am to midday" in refusal.value.message
    assert len(lookup.hours_of(clinic.session, clinic.location.id)) == 5


def test_a_session_that_has_ended_does_not_prevent_new_hours(clinic: Clinic) -> None:
    clinic.schedule.valid_to = date(2026, 3, 2)
    clinic.session.flush()

    change(clinic, replace(HEART, hours=()))


def test_a_clinic_with_booked_times_is_closed_on_confirmation(clinic: Clinic) -> None:
    clinic.booked("9:20")
    elsewhere = a_clinic(clinic.session)

    question = clinic.asked(lambda: close(clinic))
    effect = close(clinic, question.fingerprint)

    assert (effect.free, len(effect.booked)) == (77, 1)
    assert clinic.statuses() == [UNAVAILABLE] * 9
    assert len(to_rebook(clinic.session, NOW)) == 1
    assert elsewhere.statuses() == [FREE] * 9


def test_no_slots_are_made_in_a_closed_clinic_until_it_reopens(clinic: Clinic) -> None:
    clinic.booked("9:20")
    close(clinic, clinic.asked(lambda: close(clinic)).fingerprint)
    make_slots(clinic.context())
    assert clinic.statuses() == [UNAVAILABLE] * 9

    reopen_clinic(
        clinic.context(),
        clinic=seen_now(clinic.location),
    )

    assert clinic.statuses() == [FREE, BUSY, *[FREE] * 7]


def person(clinic: Clinic, *locations: str) -> PractitionerFacts:
    return PractitionerFacts("Dr", "Priya", "Raman", "Cardiology", frozenset(locations))


def test_a_new_practitioner_is_added_with_clinics(clinic: Clinic) -> None:
    ref = add_practitioner(
        clinic.context(),
        facts=person(clinic, clinic.location.ref),
    )

    row = lookup.practitioner(clinic.session, ref)
    assert (row.prefix, row.given, row.family, row.specialty, row.active) == (
        "Dr",
        "Priya",
        "Raman",
        "Cardiology",
        True,
    )
    assert lookup.works_in(clinic.session, row.id, clinic.location.id)


@pytest.mark.parametrize("refs", [[], ["0" * 20]])
def test_a_practitioner_needs_an_existing_clinic(clinic: Clinic, refs: list[str]) -> None:
    with pytest.raises(Unfit) as refusal:
        add_practitioner(clinic.context(), facts=person(clinic, *refs))

    assert refusal.value.field == "locations"


def change_person(clinic: Clinic, *locations: str) -> None:
    change_practitioner(
        clinic.context(),
        whose=seen_now(clinic.practitioner),
        facts=person(clinic, *locations),
    )


def test_somebody_moves_to_another_clinic_once_their_sessions_have_ended(clinic: Clinic) -> None:
    other = a_location(clinic.session)
    with pytest.raises(Unfit, match=f"sessions in {clinic.location.name}"):
        change_person(clinic, other.ref)

    clinic.schedule.valid_to = date(2026, 3, 2)
    clinic.session.flush()
    change_person(clinic, other.ref)

    roles = select(PractitionerRole.location_id).where(
        PractitionerRole.practitioner_id == clinic.practitioner.id
    )
    assert clinic.session.scalars(roles).all() == [other.id]
    clinic.session.refresh(clinic.practitioner)
    assert clinic.practitioner.name == "Dr Priya Raman"


def test_somebody_who_leaves_and_comes_back(clinic: Clinic) -> None:
    clinic.booked("9:20")
    whose = clinic.practitioner

    def leave(confirmed: str | None = None) -> Effect:
        return deactivate_practitioner(clinic.context(), whose=seen_now(whose), confirmed=confirmed)

    leave(clinic.asked(leave).fingerprint)
    assert clinic.statuses() == [UNAVAILABLE] * 9
    assert clinic.session.scalars(
        select(Practitioner.active).where(Practitioner.id == clinic.practitioner.id)
    ).all() == [False]

    reactivate_practitioner(clinic.context(), whose=seen_now(whose))
    assert clinic.statuses() == [FREE, BUSY, *[FREE] * 7]


def test_an_unknown_clinic_is_not_found(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        close_clinic(
            clinic.context(),
            clinic=Seen("0" * 20, 1),
            confirmed=None,
        )


def test_only_administrators_change_clinics_and_practitioners(clinic: Clinic) -> None:
    clinic.administrator = actor_of(an_account(clinic.session, Role.RECEPTION))

    for attempt in (lambda: close(clinic), lambda: change(clinic, HEART)):
        with pytest.raises(Forbidden):
            attempt()
    with pytest.raises(Forbidden):
        add_clinic(clinic.context(), facts=HEART)
    with pytest.raises(Forbidden):
        change_person(clinic, clinic.location.ref)
