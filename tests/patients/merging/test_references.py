"""The search and the old reference lead to the record that was kept."""

import pytest
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.patients.search.queries import find_patients
from portal.reach.lookup import kept_instead
from tests.builders import context_for, findable
from tests.patients.merging.records import Two, merge, undo


def found(session: Session, two: Two, text: str) -> list[str]:
    hits = find_patients(context_for(session, two.reception), text=text).hits
    return sorted(hit.ref for hit in hits)


def test_the_search_finds_the_kept_one_also_by_the_old_number(session: Session, two: Two) -> None:
    merge(session, two)
    assert found(session, two, two.merged.hospital_number) == [two.kept.ref]
    assert found(session, two, "okafor") == [two.kept.ref]

    undo(session, two)
    assert found(session, two, two.merged.hospital_number) == [two.merged.ref]
    assert found(session, two, "aminah") == [two.merged.ref]


def test_the_old_reference_leads_to_the_kept_one_through_any_number_of_merges(
    session: Session, two: Two
) -> None:
    merge(session, two)
    last = findable(session, given="Amy")
    merge(session, Two(two.reception, kept=last, merged=two.kept), (1, 2))

    assert kept_instead(session, two.merged.ref) == last.ref
    assert found(session, two, two.merged.hospital_number) == [last.ref]


def test_other_references_are_not_found(session: Session, two: Two) -> None:
    merge(session, two)
    for ref in (two.kept.ref, "0" * 20):
        with pytest.raises(NotFound):
            kept_instead(session, ref)
