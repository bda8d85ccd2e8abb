"""Merges that are refused."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.errors import ChangedMeanwhile, Forbidden, NotFound, Refused
from portal.models import PatientMerge
from portal.patients.merging import actions
from tests.builders import actor_of, an_account, context_for, findable, seen_now
from tests.patients.merging.records import EACH_ONE, LATER, Two, belongings, merge, undo


def test_a_record_that_changed_since_it_was_compared_is_not_merged(
    session: Session, two: Two
) -> None:
    for versions in ((2, 1), (1, 2)):
        with pytest.raises(ChangedMeanwhile), session.begin_nested():
            merge(session, two, versions)
    assert belongings(session, two.merged) == EACH_ONE


def test_a_record_is_not_merged_with_itself(session: Session, two: Two) -> None:
    with pytest.raises(Refused, match="same one"):
        merge(session, Two(two.reception, two.kept, two.kept))


def test_a_merge_is_undone_once(session: Session, two: Two) -> None:
    merge(session, two)
    undo(session, two)
    with pytest.raises(ChangedMeanwhile):
        undo(session, two)


def test_the_later_of_two_merges_is_undone_first(session: Session, two: Two) -> None:
    merge(session, two)
    last = findable(session)
    merge(session, Two(two.reception, kept=last, merged=two.kept), (1, 2))
    first = session.scalars(select(PatientMerge).order_by(PatientMerge.id)).first()
    assert first is not None

    with pytest.raises(NotFound):
        actions.undo(
            context_for(session, two.reception, LATER),
            patient=seen_now(two.kept),
            merge_ref=first.ref,
        )


def test_only_reception_merges(session: Session, two: Two) -> None:
    for role in (Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            merge(session, Two(actor_of(an_account(session, role)), two.kept, two.merged))
