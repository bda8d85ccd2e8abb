"""A statement for many rows has no expanded list, which would fail with two or more rows."""

import pytest
from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from portal.models import Slot
from portal.models.base import table_of
from portal.vocabulary import SlotStatus

slot = table_of(Slot)
FREE_IT = (
    update(slot)
    .where(
        slot.c.id == bindparam("slot_id"),
        slot.c.status.not_in((SlotStatus.BUSY, SlotStatus.UNAVAILABLE)),
    )
    .values(status=SlotStatus.FREE)
)


def test_one_row_is_enough_to_be_refused(session: Session) -> None:
    with pytest.raises(AssertionError, match="expanded list"):
        session.execute(FREE_IT, [{"slot_id": 1}])


def test_one_set_of_values_that_is_no_list_is_fine(session: Session) -> None:
    session.execute(FREE_IT, {"slot_id": 1})


def test_many_rows_without_an_expanded_list_are_fine(session: Session) -> None:
    statement = update(slot).where(slot.c.id == bindparam("slot_id")).values(held_until=None)

    session.execute(statement, [{"slot_id": 1}, {"slot_id": 2}])
