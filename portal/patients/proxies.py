"""Who acts for a patient: granted and ended by reception, ended by itself on a child's birthday."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, Role, require
from portal.errors import Conflict, NotFound, Refused
from portal.hospital import Hospital
from portal.models import Account, Patient, RelatedPerson, Relationship
from portal.models.lookup import Subject, find_patient
from portal.patients import acting_rules, rules
from portal.patients.acting import begin_acting
from portal.patients.queries import Rows

NOBODY = (
    "We can't find an account for this. Check it, or hand out a code:"
    " the person then enters it after they have signed in."
)
SEVERAL = "Several accounts have this e-mail address. Enter the person's hospital number, or hand out a code."
ENDED = "This access has ended already."


def proxies_of(
    session: Session, *, by: Actor, ref: str, hospital: Hospital, now: datetime
) -> tuple[Subject, Rows]:
    """The patient and everybody who acts or acted for them, themselves included, the latest first."""
    deed = Deed.SEE_PROXIES
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    today = hospital.today(now)
    rows = session.execute(
        select(
            RelatedPerson.ref,
            RelatedPerson.relationship_kind,
            RelatedPerson.started_at,
            RelatedPerson.ended_at,
            RelatedPerson.ends_on,
            Account.name,
            or_(RelatedPerson.ended_at.is_not(None), RelatedPerson.ends_on <= today).label("over"),
        )
        .join(Account, Account.id == RelatedPerson.account_id)
        .where(RelatedPerson.patient_id == subject.id)
        .order_by(RelatedPerson.started_at.desc(), RelatedPerson.id.desc())
    ).all()
    audit.remember(session, by=by, deed=deed, now=now, of=subject.reference, patient=subject.ref)
    return subject, rows


def find_account(session: Session, *, by: Actor, typed: str, now: datetime) -> Account:
    """The one patient's account with this e-mail address, or of the patient with this number.

    Raises `Refused` when there is none or more than one.
    """
    require(by, Deed.CHANGE_PROXIES)
    digits = "".join(sign for sign in rules.fold(typed) if sign.isdigit())
    found = select(Account).where(
        Account.disabled_at.is_(None), Account.role_values.contains(Role.PATIENT.value)
    )
    if "@" in typed:
        found = found.where(Account.email == typed)
    else:
        found = (
            found.join(RelatedPerson, RelatedPerson.account_id == Account.id)
            .join(Patient, Patient.id == RelatedPerson.patient_id)
            .where(RelatedPerson.live_own == 1, Patient.hospital_number == digits)
        )
    accounts = session.scalars(found.limit(2)).all()
    audit.remember(session, by=by, deed=Deed.CHANGE_PROXIES, now=now, accounts=len(accounts))
    if len(accounts) != 1:
        raise Refused(SEVERAL if accounts else NOBODY)
    return accounts[0]


def account_of(session: Session, ref: str) -> Account:
    """The patient's account with this reference; raises `NotFound`."""
    account = session.scalar(select(Account).where(Account.ref == ref))
    if account is None or account.disabled_at or Role.PATIENT not in account.roles:
        raise NotFound
    return account


def grant(
    session: Session,
    *,
    by: Actor,
    ref: str,
    account_ref: str,
    relationship: Relationship,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Lets an account act for the patient from now on."""
    deed = Deed.CHANGE_PROXIES
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    today, age = hospital.today(now), hospital.child_proxy_ends_at_age
    acting_rules.require_fitting(relationship, subject.birth_date, today, age)
    related = begin_acting(
        session,
        account_id=account_of(session, account_ref).id,
        patient_id=subject.id,
        relationship=relationship,
        ends_on=acting_rules.ends_on(relationship, subject.birth_date, age),
        today=today,
        now=now,
    )
    audit.remember(
        session,
        by=by,
        deed=deed,
        now=now,
        of=RelatedPerson.reference(related.ref),
        patient=subject.ref,
        account=account_ref,
        relationship=relationship.value,
    )


def end(
    session: Session, *, by: Actor, ref: str, related_ref: str, hospital: Hospital, now: datetime
) -> None:
    """Ends an account's access to the patient, the patient's own included."""
    deed = Deed.CHANGE_PROXIES
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    result = session.execute(
        update(RelatedPerson)
        .where(
            RelatedPerson.ref == related_ref,
            RelatedPerson.patient_id == subject.id,
            RelatedPerson.ended_at.is_(None),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise Conflict(ENDED)
    audit.remember(
        session,
        by=by,
        deed=deed,
        now=now,
        of=RelatedPerson.reference(related_ref),
        patient=subject.ref,
        ended=True,
    )
