"""Leave that makes no sense is refused, and so is everybody but administrators."""

from dataclasses import replace
from datetime import date, time

import pytest

from portal.access import Role
from portal.errors import Forbidden, NotFound, Unfit
from portal.schedules.absences.actions import AbsenceFacts, add_leave
from tests.builders import actor_of, an_account
from tests.builders.tuesdays import Clinic
from tests.schedules.absences.absences import FREE, TUESDAY, close, leave


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (replace(TUESDAY, last_day=date(2026, 3, 9)), "last_day"),
        (replace(TUESDAY, starts=time(12), ends=time(12)), "last_day"),
        (replace(TUESDAY, first_day=date(2026, 3, 1), last_day=date(2026, 3, 2)), "last_day"),
        (replace(TUESDAY, last_day=date(2028, 6, 1)), "last_day"),
        (replace(TUESDAY, first_day=date(1926, 3, 10)), "first_day"),
        (replace(TUESDAY, last_day=date(9999, 12, 31)), "last_day"),
        (replace(TUESDAY, first_day=date(1, 1, 1)), "first_day"),
    ],
    ids=["backwards", "empty", "over", "too long", "long ago", "far ahead", "year 1"],
)
def test_impossible_days_and_times_are_refused(
    clinic: Clinic, facts: AbsenceFacts, field: str
) -> None:
    with pytest.raises(Unfit) as refusal:
        leave(clinic, facts)

    assert refusal.value.field == field
    assert clinic.statuses() == [FREE] * 9


def test_leave_over_other_leave_is_refused(clinic: Clinic) -> None:
    leave(clinic)

    with pytest.raises(Unfit, match="Annual leave"):
        leave(clinic, replace(TUESDAY, reason="Course"))


def test_only_administrators_add_leave_and_closures(clinic: Clinic) -> None:
    clinic.administrator = actor_of(an_account(clinic.session, Role.RECEPTION))

    with pytest.raises(Forbidden):
        leave(clinic)
    with pytest.raises(Forbidden):
        close(clinic)


def test_an_unknown_practitioner_is_not_found(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        add_leave(
            clinic.context(),
            practitioner_ref="0" * 20,
            facts=TUESDAY,
            confirmed=None,
        )
