"""Giving accounts access to a patient's record, by a one-time code or at the desk, and ending it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple, cast

from sqlalchemy import select, update

from portal.access import Deed
from portal.context import Context
from portal.errors import ChangedMeanwhile, Refused, Unfit
from portal.models import AccountCode, Patient, RelatedPerson
from portal.models.base import table_of
from portal.models.rows import changed, columns, one_row
from portal.patients.access import rules
from portal.patients.access.acting import TAKEN, Pair, begin_acting
from portal.patients.access.codes import hash_code, new_code
from portal.patients.access.queries import account_of, has_own_account
from portal.reach.lookup import Subject
from portal.seen import Seen
from portal.vocabulary import Relationship

NOT_FOUND = (
    "We can't find a record for this code and date of birth. Check both."
    " A code works once, and only for some days: reception can give you a new one."
)

_code, _patient, _related_person = map(table_of, (AccountCode, Patient, RelatedPerson))


class _Spent(NamedTuple):
    """The patient of a code, and the relationship that it grants."""

    patient_id: int
    relationship_kind: Relationship
    ref: str


def hand_out(
    context: Context, *, patient_ref: str, relationship: Relationship, secret_key: str
) -> str:
    """A new code for this patient, to show once. It replaces an earlier code for the patient's own use."""
    subject = context.find_patient(Deed.HAND_OUT_CODE, patient_ref)
    if relationship is Relationship.ONESELF:
        _make_room(context, subject.id)
    else:
        _require_fitting(context, subject, relationship)
    code = new_code()
    row = AccountCode(
        patient_id=subject.id,
        code_hash=hash_code(code, secret_key),
        relationship_kind=relationship,
        created_at=context.now,
        expires_at=context.now + timedelta(days=context.hospital.account_code_days),
    )
    context.session.add(row)
    context.session.flush()
    context.remember(
        Deed.HAND_OUT_CODE,
        of=AccountCode.reference(row.ref),
        patient=subject.ref,
        relationship=relationship.value,
    )
    return code


def _make_room(context: Context, patient_id: int) -> None:
    """Allows one code at a time for the patient's own use, and none once they have an account."""
    if has_own_account(context, patient_id):
        raise Unfit("relationship", TAKEN)
    earlier = update(_code).where(
        _code.c.patient_id == patient_id,
        _code.c.relationship_kind == Relationship.ONESELF,
        _code.c.used_at.is_(None),
        _code.c.expires_at > context.now,
    )
    context.session.execute(earlier.values(expires_at=context.now))


def _require_fitting(context: Context, subject: Subject, relationship: Relationship) -> None:
    age = context.hospital.child_proxy_ends_at_age
    rules.require_fitting(relationship, subject.birth_date, context.today, age)


def remember_attempt(context: Context) -> None:
    """Adds an audit entry for every attempt, even a failed one. Commit it before the code is tried."""
    context.require(Deed.CLAIM_RECORD)
    context.remember(Deed.CLAIM_RECORD, attempt=True)


def claim(context: Context, *, hashes: Sequence[str], birth_date: date) -> str:
    """Links the actor's account to the record of the code with one of these hashes (`codes.py`), and
    returns its reference.

    Raises `Unfit`, with the same message for an unknown, used or expired code and for a wrong date of birth.
    The caller must then roll back the transaction.
    """
    context.require(Deed.CLAIM_RECORD)
    spent = _spend(context, hashes, birth_date)
    kind = spent.relationship_kind
    try:
        related = begin_acting(
            context,
            pair=Pair(cast("int", context.by.account_id), spent.patient_id),
            relationship=kind,
            ends_on=rules.ends_on(kind, birth_date, context.hospital.child_proxy_ends_at_age),
        )
    except Refused as fault:
        raise Unfit("code", fault.message) from fault
    context.remember(
        Deed.CLAIM_RECORD,
        of=RelatedPerson.reference(related.ref),
        patient=spent.ref,
        relationship=kind.value,
    )
    return spent.ref


def _spend(context: Context, hashes: Sequence[str], birth_date: date) -> _Spent:
    """Uses up the code and returns its patient. Of two simultaneous attempts, one succeeds."""
    theirs = select(_patient.c.id).where(
        _patient.c.birth_date == birth_date, _patient.c.merged_into_id.is_(None)
    )
    unused = update(_code).where(
        _code.c.code_hash.in_(hashes),
        _code.c.used_at.is_(None),
        _code.c.expires_at > context.now,
        _code.c.patient_id.in_(theirs),
    )
    if changed(context.session, unused.values(used_at=context.now)) != 1:
        raise Unfit("code", NOT_FOUND)
    whose = (
        select(*columns(_Spent, _code, ref=_patient.c.ref))
        .join(_patient, _patient.c.id == _code.c.patient_id)
        .where(_code.c.code_hash.in_(hashes))
    )
    return one_row(context.session, _Spent, whose)


def grant(
    context: Context, *, patient_ref: str, account_ref: str, relationship: Relationship
) -> None:
    """Allows an account to act for the patient from now on."""
    subject = context.find_patient(Deed.CHANGE_PROXIES, patient_ref)
    _require_fitting(context, subject, relationship)
    age = context.hospital.child_proxy_ends_at_age
    account = account_of(context, account_ref=account_ref)
    try:
        related = begin_acting(
            context,
            pair=Pair(account.id, subject.id),
            relationship=relationship,
            ends_on=rules.ends_on(relationship, subject.birth_date, age),
        )
    except Refused as fault:
        raise Unfit("relationship", fault.message) from fault
    context.remember(
        Deed.CHANGE_PROXIES,
        of=RelatedPerson.reference(related.ref),
        patient=subject.ref,
        account=account_ref,
        relationship=relationship.value,
    )


def end(context: Context, *, patient_ref: str, related: Seen) -> None:
    """Ends an account's access to the patient, the patient's own included.

    Raises `ChangedMeanwhile` when it changed since it was shown, or belongs to another patient.
    """
    subject = context.find_patient(Deed.CHANGE_PROXIES, patient_ref)
    held = update(_related_person).where(
        _related_person.c.ref == related.ref,
        _related_person.c.version == related.version,
        _related_person.c.patient_id == subject.id,
        _related_person.c.ended_at.is_(None),
    )
    ended = held.values(ended_at=context.now, version=related.version + 1)
    if changed(context.session, ended) != 1:
        raise ChangedMeanwhile
    context.remember(
        Deed.CHANGE_PROXIES,
        of=RelatedPerson.reference(related.ref),
        patient=subject.ref,
        ended=True,
    )
