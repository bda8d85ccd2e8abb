"""Who acts for the two patients, after a merge and after its undo."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account, RelatedPerson
from portal.vocabulary import Relationship
from tests.builders import NOW, a_patient, an_account_of, relate
from tests.patients.merging.records import Two, merge, undo


def acts(session: Session, account: Account) -> list[tuple[int, bool]]:
    """The patients for whom the account acts or acted, and whether it still does."""
    rows = session.execute(
        select(RelatedPerson.patient_id, RelatedPerson.live)
        .where(RelatedPerson.account_id == account.id)
        .order_by(RelatedPerson.id)
    )
    return [(row.patient_id, bool(row.live)) for row in rows]


def test_of_two_own_accounts_the_one_of_the_kept_record_stays(session: Session, two: Two) -> None:
    stays, goes = an_account_of(session, two.kept), an_account_of(session, two.merged)
    merge(session, two)
    assert acts(session, stays) == [(two.kept.id, True)]
    assert acts(session, goes) == [(two.kept.id, False)]

    assert undo(session, two) == 0
    assert acts(session, stays) == [(two.kept.id, True)]
    assert acts(session, goes) == [(two.merged.id, True)]


def test_an_own_account_moves_to_a_record_without_one(session: Session, two: Two) -> None:
    account = an_account_of(session, two.merged)
    merge(session, two)

    assert acts(session, account) == [(two.kept.id, True)]


def test_a_proxy_of_both_acts_for_the_kept_record(session: Session, two: Two) -> None:
    carer = an_account_of(session, two.kept, Relationship.CARER)
    relate(session, carer, two.merged, Relationship.CARER)
    merge(session, two)
    assert acts(session, carer) == [(two.kept.id, True), (two.kept.id, False)]

    undo(session, two)
    assert acts(session, carer) == [(two.kept.id, True), (two.merged.id, True)]


def test_an_access_that_cannot_be_restored_is_counted(session: Session, two: Two) -> None:
    an_account_of(session, two.kept)
    goes = an_account_of(session, two.merged)
    merge(session, two)
    other = a_patient(session)
    relate(session, goes, other, Relationship.ONESELF)

    assert undo(session, two) == 1
    assert acts(session, goes) == [(two.merged.id, False), (other.id, True)]


def test_an_access_that_had_ended_before_does_not_come_back(session: Session, two: Two) -> None:
    before = an_account_of(session, two.merged, ended_at=NOW - timedelta(days=1))
    merge(session, two)
    undo(session, two)

    assert acts(session, before) == [(two.merged.id, False)]
