"""Likely duplicates: records that may already be of the person who is about to be registered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher

from sqlalchemy import ColumnElement, Select, and_, or_, select, union
from sqlalchemy.orm import Session, aliased

from portal import audit
from portal.access import Actor, Deed, require
from portal.models import Patient, PatientSearchTerm
from portal.patients import rules
from portal.patients.demographics import Demographics

MOST = 5
CANDIDATES = 50
"""How many records at most are compared for each way of being near."""
SIMILAR = 0.8
PHONE_DIGITS_THAT_TELL = 7


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record that may be the same person's, and why."""

    patient: Patient
    reason: str


def likely_duplicates(
    session: Session, *, by: Actor, facts: Demographics, now: datetime
) -> list[Duplicate]:
    """The likeliest first, at most `MOST`; audited when there are any."""
    require(by, Deed.REGISTER_PATIENT)
    ids = [statement.limit(CANDIDATES).subquery() for statement in _near(facts)]
    near = union(*(select(found.c.patient_id) for found in ids)).subquery()
    candidates = session.scalars(select(Patient).where(Patient.id.in_(select(near.c.patient_id))))
    rated = [(likeness(facts, patient), patient) for patient in candidates]
    likely = sorted(
        ((rating, patient) for rating, patient in rated if rating),
        key=lambda one: (one[0], one[1].id),
    )[:MOST]
    for _, patient in likely:
        audit.remember(
            session,
            by=by,
            deed=Deed.REGISTER_PATIENT,
            now=now,
            of=Patient.reference(patient.ref),
            patient=patient.ref,
            shown_as="likely duplicate",
        )
    return [Duplicate(patient, rating[1]) for rating, patient in likely]


def likeness(facts: Demographics, other: Demographics | Patient) -> tuple[int, str] | None:
    """How near two people are: a rank (lower is nearer) and its reason, or None when they are not."""
    ours, theirs = _names(facts), _names(other)
    same_name = ours == theirs
    similar_name = same_name or SequenceMatcher(None, ours, theirs).ratio() >= SIMILAR
    same_birth = facts.birth_date == other.birth_date
    same_phone = _same_phone(facts.phone, other.phone)
    reasons = (
        (same_name and same_birth, "Same name and date of birth"),
        (same_phone and same_birth, "Same date of birth and phone number"),
        (same_phone and similar_name, "Same phone number and a similar name"),
        (similar_name and same_birth, "Same date of birth and a similar name"),
        (
            same_name and _one_slip_apart(facts.birth_date, other.birth_date),
            "Same name, and a date of birth that is nearly the same",
        ),
    )
    return next(((rank, reason) for rank, (holds, reason) in enumerate(reasons) if holds), None)


def _names(person: Demographics | Patient) -> str:
    """All words of the name in one order, so that given and family name may be swapped."""
    return " ".join(sorted(rules.words(f"{person.given} {person.family}")))


def _same_phone(one: str | None, other: str | None) -> bool:
    ending = rules.phone_ending(one or "")
    return len(ending) >= PHONE_DIGITS_THAT_TELL and ending == rules.phone_ending(other or "")


def _one_slip_apart(one: date, other: date) -> bool:
    """One digit differs, or day and month changed places."""
    differing = sum(
        a != b for a, b in zip(rules.birth_digits(one), rules.birth_digits(other), strict=True)
    )
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    return differing == 1 or swapped


def _near(facts: Demographics) -> Iterator[Select[int]]:
    """Who was born on the same day; who has the same phone number; who bears the same name."""
    term = PatientSearchTerm
    born = f"{rules.BORN}{rules.birth_digits(facts.birth_date)}"
    yield select(term.patient_id).where(term.term == born)
    ending = rules.phone_ending(facts.phone or "")
    if len(ending) >= PHONE_DIGITS_THAT_TELL:
        yield select(term.patient_id).where(term.term == f"{rules.CALLED}{ending}")
    given, family = rules.words(facts.given)[:1], rules.words(facts.family)[:1]
    if given and family:
        birth = aliased(PatientSearchTerm)
        yield (
            select(term.patient_id)
            .join(birth, birth.patient_id == term.patient_id)
            .where(term.term == rules.pair(*given, *family), _slips(birth, facts.birth_date))
        )


def _slips(birth: type[PatientSearchTerm], birth_date: date) -> ColumnElement[bool]:
    """Born in the same year, or in one whose number differs by a digit."""
    digits = rules.birth_digits(birth_date)
    year = f"{rules.BORN}{digits[:4]}"
    other_years = [
        f"{rules.BORN}{digits[:place]}{digit}{digits[place + 1 :]}"
        for place in range(4)
        for digit in range(10)
    ]
    same_year = and_(birth.term >= year, birth.term < f"{year}~")
    return or_(same_year, birth.term.in_(other_years))
