"""Merges that meet another merge, or a booking, at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.errors import ChangedMeanwhile, NotFound
from portal.models import Appointment, Patient, PatientMerge, PatientSearchTerm
from tests.builders import (
    a_location,
    a_practitioner,
    a_slot,
    actor_of,
    an_account,
    an_appointment,
    findable,
)
from tests.patients.merging.records import Two, merge


def test_merging_each_into_the_other_at_once_leaves_one(database: Session, engine: Engine) -> None:
    by = actor_of(an_account(database, Role.RECEPTION))
    one, other = findable(database), findable(database)
    database.commit()
    start = Barrier(2)

    def attempt(pair: Two) -> bool:
        with Session(engine, autoflush=False) as session:
            start.wait()
            try:
                merge(session, pair)
            except (ChangedMeanwhile, NotFound):
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(2) as clerks:
        outcomes = list(clerks.map(attempt, [Two(by, one, other), Two(by, other, one)]))

    database.expire_all()
    assert sorted(outcomes) == [False, True]
    assert database.scalar(select(func.count()).where(Patient.merged_into_id.is_not(None))) == 1
    assert database.scalar(select(func.count()).select_from(PatientMerge)) == 1
    assert database.scalar(select(func.count(PatientSearchTerm.patient_id.distinct()))) == 1


def test_a_booking_made_meanwhile_moves_too_or_the_merge_waits(
    database: Session, engine: Engine
) -> None:
    """A new row of the record delays the merge until the row's transaction ends."""
    by = actor_of(an_account(database, Role.RECEPTION))
    pair = Two(by, findable(database), findable(database))
    slot = a_slot(database, a_practitioner(database), a_location(database))
    database.commit()
    with Session(engine) as booking, ThreadPoolExecutor(1) as clerk:
        an_appointment(booking, pair.merged, booking.merge(slot))
        merged = clerk.submit(_merge_and_commit, engine, pair)
        with pytest.raises(TimeoutError):
            merged.result(timeout=0.3)
        booking.commit()
        merged.result()

    database.expire_all()
    assert database.scalar(select(Appointment.patient_id)) == pair.kept.id


def _merge_and_commit(engine: Engine, pair: Two) -> None:
    with Session(engine, autoflush=False) as session:
        merge(session, pair)
        session.commit()
