"""A code links one account to one record, once, for somebody who knows the date of birth."""

import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.errors import Refused
from portal.models import AccountCode, Patient, RelatedPerson
from portal.patients.access import actions, codes
from portal.patients.merging.actions import merge
from portal.seen import Seen
from portal.vocabulary import Relationship
from tests.builders import NOW, a_patient, actor_of, an_account, audited, context_for
from tests.patients.access.account_codes import SECRET_KEY, claim, hand_out


def test_a_code_links_the_account_to_the_record(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor
) -> None:
    code = hand_out(session, receptionist, patient)

    assert claim(session, holder, code) == patient.ref
    (row,) = session.scalars(select(RelatedPerson))
    assert (row.account_id, row.patient_id) == (holder.account_id, patient.id)
    assert row.relationship_kind is Relationship.ONESELF
    assert [(one.deed, one.patient_ref) for one in audited(session)] == [
        ("hand out account code", patient.ref),
        ("claim record with code", patient.ref),
    ]


def test_only_a_keyed_hash_of_the_code_is_kept(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor
) -> None:
    code = hand_out(session, receptionist, patient)
    (row,) = session.scalars(select(AccountCode))
    signs = code.replace("-", "")

    assert len(signs) == 12
    assert signs not in "".join(str(value) for value in vars(row).values()).upper()
    assert not any(signs in str(one.detail) for one in audited(session))
    with pytest.raises(Refused):
        claim(session, holder, code, secrets=["another key"])


@pytest.mark.parametrize("spoil", [str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_a_code_may_be_typed_in_many_ways(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor, spoil: Any
) -> None:
    assert claim(session, holder, spoil(hand_out(session, receptionist, patient))) == patient.ref


def test_letters_that_look_like_digits_are_read_as_such() -> None:
    typed = codes.hash_code("oIl0-11ab-cdef", SECRET_KEY)

    assert typed == codes.hash_code("0110 11AB CDEF", SECRET_KEY)


def test_a_code_of_before_is_still_taken(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor
) -> None:
    """Handed out with the key of before, or by the release that used a fast hash."""
    code = hand_out(session, receptionist, patient)
    (row,) = session.scalars(select(AccountCode))
    fast = hmac.new(SECRET_KEY.encode(), f"account code {code.replace('-', '')}".encode(), "sha256")
    assert row.code_hash != fast.hexdigest()
    row.code_hash = fast.hexdigest()
    session.flush()

    assert claim(session, holder, code, secrets=["a new key", SECRET_KEY]) == patient.ref


def test_a_code_is_taken_after_a_change_of_keys(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor
) -> None:
    code = hand_out(session, receptionist, patient)

    assert claim(session, holder, code, secrets=["a new key", SECRET_KEY]) == patient.ref


def test_codes_differ_and_have_no_letter_that_looks_like_a_digit() -> None:
    found = {codes.new_code() for _ in range(200)}

    assert len(found) == 200
    assert not set("".join(found)) & set("OILU")


def test_a_code_is_valid_until_its_last_moment(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor
) -> None:
    code = hand_out(session, receptionist, patient)
    last = NOW + timedelta(days=14, seconds=-1)

    assert claim(session, holder, code, now=last) == patient.ref


def test_a_code_works_once(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor
) -> None:
    code = hand_out(session, receptionist, patient)
    claim(session, holder, code)
    with pytest.raises(Refused) as refused:
        claim(session, actor_of(an_account(session, Role.PATIENT)), code)

    assert refused.value.message == actions.NOT_FOUND


def test_a_new_code_ends_the_one_before(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor
) -> None:
    first = hand_out(session, receptionist, patient)
    second = hand_out(session, receptionist, patient)
    with pytest.raises(Refused):
        claim(session, holder, first)

    assert claim(session, holder, second) == patient.ref


def test_codes_for_both_parents_are_valid_at_the_same_time(
    session: Session, receptionist: Actor
) -> None:
    child = a_patient(session, birth_date=date(2020, 2, 29))
    codes = [hand_out(session, receptionist, child, Relationship.PARENT) for _ in range(2)]
    for code in codes:
        claim(session, actor_of(an_account(session, Role.PATIENT)), code, child.birth_date)

    ends = session.scalars(select(RelatedPerson.ends_on)).all()
    assert ends == [date(2036, 2, 29)] * 2


def test_a_code_follows_a_merge(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor
) -> None:
    kept = a_patient(session)
    code = hand_out(session, receptionist, patient)
    merge(
        context_for(session, receptionist),
        kept=Seen(kept.ref, 1),
        merged=Seen(patient.ref, 1),
        reason="Same person",
    )

    assert claim(session, holder, code) == kept.ref


def test_of_two_accounts_with_the_same_code_one_gets_the_record(
    database: Session, engine: Engine
) -> None:
    patient = a_patient(database)
    code = hand_out(database, actor_of(an_account(database, Role.RECEPTION)), patient)
    holders = [actor_of(an_account(database, Role.PATIENT)) for _ in range(2)]
    database.commit()
    start = Barrier(2)

    def attempt(by: Actor) -> str:
        with Session(engine, autoflush=False) as session:
            start.wait()
            try:
                ref = claim(session, by, code)
            except Refused as refused:
                return refused.message
            session.commit()
            return ref

    with ThreadPoolExecutor(2) as people:
        outcomes = sorted(people.map(attempt, holders))

    assert outcomes == sorted([patient.ref, actions.NOT_FOUND])
    assert database.scalar(select(func.count()).select_from(RelatedPerson)) == 1
