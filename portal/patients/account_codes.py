"""One-time codes: reception hands one out, and whoever enters it with the date of birth gets access.

Only a keyed hash of a code is kept, so that neither the database nor a copy of it gives any away.
"""

import hmac
import re
import secrets
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import Refused
from portal.hospital import Hospital
from portal.models import AccountCode, Patient, RelatedPerson, Relationship
from portal.models.lookup import find_patient
from portal.patients import acting_rules
from portal.patients.acting import TAKEN, begin_acting, has_own_account

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: what looks alike is typed alike, and no letter stands for two."""
LENGTH, GROUP = 12, 4
_READ_AS = str.maketrans("OIL", "011")

NOT_FOUND = (
    "We can't find a record for this code and date of birth. Check both."
    " A code works once, and only for some days: reception can give you a new one."
)


def new_code() -> str:
    """Sixty random bits in three groups, such as `7KQF-2M9X-PD3T`."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def hash_code(typed: str, secret_key: str) -> str:
    """The keyed hash of a code, however it was typed: case, spaces, O for 0, I and L for 1."""
    signs = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", typed).upper())
    message = f"account code {signs.translate(_READ_AS)}"
    return hmac.new(secret_key.encode(), message.encode(), "sha256").hexdigest()


def hand_out(
    session: Session,
    *,
    by: Actor,
    ref: str,
    relationship: Relationship,
    secret_key: str,
    hospital: Hospital,
    now: datetime,
) -> str:
    """A new code for this patient, to be shown once; an earlier one for the patient's own use ends."""
    deed = Deed.HAND_OUT_CODE
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    if relationship is Relationship.ONESELF:
        _make_room(session, subject.id, now)
    else:
        acting_rules.require_fitting(
            relationship, subject.birth_date, hospital.today(now), hospital.child_proxy_ends_at_age
        )
    code = new_code()
    row = AccountCode(
        patient_id=subject.id,
        code_hash=hash_code(code, secret_key),
        relationship_kind=relationship,
        created_at=now,
        expires_at=now + timedelta(days=hospital.account_code_days),
    )
    session.add(row)
    session.flush()
    audit.remember(
        session,
        by=by,
        deed=deed,
        now=now,
        of=AccountCode.reference(row.ref),
        patient=subject.ref,
        relationship=relationship.value,
    )
    return code


def _make_room(session: Session, patient_id: int, now: datetime) -> None:
    """One code at a time for the patient's own use, and none once they have an account."""
    if has_own_account(session, patient_id):
        raise Refused(TAKEN)
    session.execute(
        update(AccountCode)
        .where(
            AccountCode.patient_id == patient_id,
            AccountCode.relationship_kind == Relationship.ONESELF,
            AccountCode.used_at.is_(None),
            AccountCode.expires_at > now,
        )
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )


def remember_attempt(session: Session, *, by: Actor, now: datetime) -> None:
    """Every attempt leaves an entry, also one that fails: commit it before the code is tried."""
    require(by, Deed.CLAIM_RECORD)
    audit.remember(session, by=by, deed=Deed.CLAIM_RECORD, now=now, attempt=True)


def claim(
    session: Session,
    *,
    by: Actor,
    code: str,
    birth_date: date,
    secret_key: str,
    hospital: Hospital,
    now: datetime,
) -> str:
    """Binds the actor's account to the record that the code opens, and returns its reference.

    Raises `Refused`, in the same words whether the code is unknown, used, too old, or belongs to
    somebody of another date of birth. The caller's transaction must then be rolled back.
    """
    require(by, Deed.CLAIM_RECORD)
    code_hash = hash_code(code, secret_key)
    row = _spend(session, code_hash, birth_date, now)
    kind = row.relationship_kind
    ends_on = acting_rules.ends_on(kind, birth_date, hospital.child_proxy_ends_at_age)
    related = begin_acting(
        session,
        account_id=cast("int", by.account_id),
        patient_id=row.patient_id,
        relationship=kind,
        ends_on=ends_on,
        today=hospital.today(now),
        now=now,
    )
    audit.remember(
        session,
        by=by,
        deed=Deed.CLAIM_RECORD,
        now=now,
        of=RelatedPerson.reference(related.ref),
        patient=row.ref,
        relationship=kind.value,
    )
    return str(row.ref)


def _spend(session: Session, code_hash: str, birth_date: date, now: datetime) -> Any:
    """Uses the code up and tells whose it was; of two who try at once, one succeeds."""
    theirs = select(Patient.id).where(
        Patient.birth_date == birth_date, Patient.merged_into_id.is_(None)
    )
    result = session.execute(
        update(AccountCode)
        .where(
            AccountCode.code_hash == code_hash,
            AccountCode.used_at.is_(None),
            AccountCode.expires_at > now,
            AccountCode.patient_id.in_(theirs),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise Refused(NOT_FOUND)
    return session.execute(
        select(AccountCode.patient_id, AccountCode.relationship_kind, Patient.ref)
        .join(Patient, Patient.id == AccountCode.patient_id)
        .where(AccountCode.code_hash == code_hash)
    ).one()
