"""A code binds one account to one record, once, to somebody who knows the date of birth."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.errors import Forbidden, NotFound, Refused
from portal.hospital import Hospital
from portal.models import AccountCode, Patient, RelatedPerson, Relationship
from portal.patients import account_codes, merging
from tests.hospital import NOW, a_patient, actor_of, an_account, an_account_of
from tests.patients.people import audited

SECRET_KEY = "a key for these tests alone"
SETTING: dict[str, Any] = {"hospital": Hospital(), "now": NOW}
BORN = date(1984, 3, 27)


@pytest.fixture
def reception(session: Session) -> Actor:
    return actor_of(an_account(session, Role.RECEPTION))


@pytest.fixture
def patient(session: Session) -> Patient:
    return a_patient(session)


@pytest.fixture
def holder(session: Session) -> Actor:
    """Somebody who has just signed in for the first time."""
    return actor_of(an_account(session, Role.PATIENT))


def hand_out(
    session: Session,
    by: Actor,
    patient: Patient,
    relationship: Relationship = Relationship.ONESELF,
    **setting: Any,
) -> str:
    return account_codes.hand_out(
        session,
        by=by,
        ref=patient.ref,
        relationship=relationship,
        secret_key=SECRET_KEY,
        **{**SETTING, **setting},
    )


def claim(session: Session, by: Actor, code: str, birth_date: date = BORN, **setting: Any) -> str:
    return account_codes.claim(
        session,
        by=by,
        code=code,
        birth_date=birth_date,
        secret_key=setting.pop("secret_key", SECRET_KEY),
        **{**SETTING, **setting},
    )


def test_a_code_links_the_account_to_the_record(
    session: Session, reception: Actor, patient: Patient, holder: Actor
) -> None:
    code = hand_out(session, reception, patient)

    assert claim(session, holder, code) == patient.ref
    (row,) = session.scalars(select(RelatedPerson))
    assert (row.account_id, row.patient_id) == (holder.account_id, patient.id)
    assert row.relationship_kind is Relationship.ONESELF
    assert [(one.deed, one.patient_ref) for one in audited(session)] == [
        ("hand out account code", patient.ref),
        ("claim record with code", patient.ref),
    ]


def test_only_a_keyed_hash_of_the_code_is_kept(
    session: Session, reception: Actor, patient: Patient, holder: Actor
) -> None:
    code = hand_out(session, reception, patient)
    (row,) = session.scalars(select(AccountCode))
    signs = code.replace("-", "")

    assert len(signs) == 12
    assert signs not in "".join(str(value) for value in vars(row).values()).upper()
    assert not any(signs in str(one.detail) for one in audited(session))
    with pytest.raises(Refused):
        claim(session, holder, code, secret_key="another key")


@pytest.mark.parametrize("spoil", [str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_a_code_may_be_typed_in_many_ways(
    session: Session, reception: Actor, patient: Patient, holder: Actor, spoil: Any
) -> None:
    assert claim(session, holder, spoil(hand_out(session, reception, patient))) == patient.ref


def test_letters_that_look_like_digits_are_read_as_such() -> None:
    typed = account_codes.hash_code("oIl0-11ab-cdef", SECRET_KEY)

    assert typed == account_codes.hash_code("0110 11AB CDEF", SECRET_KEY)


def test_codes_differ_and_bear_no_doubtful_letter() -> None:
    codes = {account_codes.new_code() for _ in range(200)}

    assert len(codes) == 200
    assert not set("".join(codes)) & set("OILU")


@pytest.mark.parametrize(
    ("code", "birth_date", "days"),
    [
        ("7KQF-2M9X-PD3T", BORN, 0),
        ("", BORN, 0),
        (None, BORN.replace(day=26), 0),
        (None, BORN, 14),
    ],
    ids=["wrong code", "no code", "another date of birth", "too old"],
)
def test_what_does_not_open_a_record_is_refused_in_the_same_words(
    session: Session,
    reception: Actor,
    patient: Patient,
    holder: Actor,
    code: str | None,
    birth_date: date,
    days: int,
) -> None:
    handed = hand_out(session, reception, patient)
    with pytest.raises(Refused) as refused:
        claim(session, holder, handed if code is None else code, birth_date,
              now=NOW + timedelta(days=days))  # fmt: skip

    assert refused.value.message == account_codes.NOT_FOUND
    assert session.scalar(select(AccountCode.used_at)) is None


def test_a_code_is_good_until_its_last_moment(
    session: Session, reception: Actor, patient: Patient, holder: Actor
) -> None:
    code = hand_out(session, reception, patient)
    last = NOW + timedelta(days=14, seconds=-1)

    assert claim(session, holder, code, now=last) == patient.ref


def test_a_code_works_once(
    session: Session, reception: Actor, patient: Patient, holder: Actor
) -> None:
    code = hand_out(session, reception, patient)
    claim(session, holder, code)
    with pytest.raises(Refused) as refused:
        claim(session, actor_of(an_account(session, Role.PATIENT)), code)

    assert refused.value.message == account_codes.NOT_FOUND


def test_a_new_code_ends_the_one_before(
    session: Session, reception: Actor, patient: Patient, holder: Actor
) -> None:
    first = hand_out(session, reception, patient)
    second = hand_out(session, reception, patient)
    with pytest.raises(Refused):
        claim(session, holder, first)

    assert claim(session, holder, second) == patient.ref


def test_codes_for_both_parents_hold_side_by_side(session: Session, reception: Actor) -> None:
    child = a_patient(session, birth_date=date(2020, 2, 29))
    codes = [hand_out(session, reception, child, Relationship.PARENT) for _ in range(2)]
    for code in codes:
        claim(session, actor_of(an_account(session, Role.PATIENT)), code, child.birth_date)

    ends = session.scalars(select(RelatedPerson.ends_on)).all()
    assert ends == [date(2036, 2, 29)] * 2


def test_a_code_fits_the_age_of_the_patient(
    session: Session, reception: Actor, patient: Patient
) -> None:
    with pytest.raises(Refused, match="carer"):
        hand_out(session, reception, patient, Relationship.PARENT)


def test_a_record_with_an_account_gets_no_other(
    session: Session, reception: Actor, patient: Patient
) -> None:
    an_account_of(session, patient)
    with pytest.raises(Refused, match="linked to an account"):
        hand_out(session, reception, patient)


def test_an_account_with_a_record_gets_no_other(
    session: Session, reception: Actor, patient: Patient
) -> None:
    by = actor_of(an_account_of(session, a_patient(session)))
    code = hand_out(session, reception, patient)
    with pytest.raises(Refused, match="record of its own"), session.begin_nested():
        claim(session, by, code)

    assert session.scalar(select(AccountCode.used_at)) is None


def test_who_acts_already_needs_no_code(
    session: Session, reception: Actor, patient: Patient
) -> None:
    carer = actor_of(an_account_of(session, patient, Relationship.CARER))
    with pytest.raises(Refused, match="acts for this person"):
        claim(session, carer, hand_out(session, reception, patient, Relationship.CARER))


def test_a_code_follows_a_merge(
    session: Session, reception: Actor, patient: Patient, holder: Actor
) -> None:
    kept = a_patient(session)
    code = hand_out(session, reception, patient)
    merging.merge(
        session,
        by=reception,
        kept=(kept.ref, 1),
        merged=(patient.ref, 1),
        reason="Same person",
        **SETTING,
    )

    assert claim(session, holder, code) == kept.ref


def test_only_reception_hands_out_codes_and_only_patients_use_them(
    session: Session, reception: Actor, patient: Patient, holder: Actor
) -> None:
    with pytest.raises(Forbidden):
        hand_out(session, holder, patient)
    with pytest.raises(Forbidden):
        claim(session, reception, hand_out(session, reception, patient))
    with pytest.raises(NotFound):
        account_codes.hand_out(
            session,
            by=reception,
            ref="0" * 20,
            relationship=Relationship.ONESELF,
            secret_key=SECRET_KEY,
            **SETTING,
        )


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

    assert outcomes == sorted([patient.ref, account_codes.NOT_FOUND])
    assert database.scalar(select(func.count()).select_from(RelatedPerson)) == 1
