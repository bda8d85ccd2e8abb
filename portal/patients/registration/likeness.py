"""Compares the demographics of two records to find likely duplicates. Pure."""

from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from portal.patients.registration.rules import Demographics
from portal.patients.search import rules

SIMILAR = 0.8
PHONE_DIGITS_THAT_TELL = 7


class Likeness(NamedTuple):
    """More similar records have a lower rank."""

    rank: int
    reason: str


def likeness(one: Demographics, other: Demographics) -> Likeness | None:
    """The kind of similarity of two people; None when they are not similar."""
    same_name, similar_name = _same_name(one, other), _similar_name(one, other)
    same_birth = one.birth_date == other.birth_date
    same_phone = _same_phone(one.phone, other.phone)
    reasons = (
        (same_name and same_birth, "Same name and date of birth"),
        (same_phone and same_birth, "Same date of birth and phone number"),
        (same_phone and similar_name, "Same phone number and a similar name"),
        (similar_name and same_birth, "Same date of birth and a similar name"),
        (
            same_name and _one_slip_apart(one.birth_date, other.birth_date),
            "Same name, and a date of birth that is nearly the same",
        ),
    )
    found = (Likeness(rank, reason) for rank, (holds, reason) in enumerate(reasons) if holds)
    return next(found, None)


def _same_name(one: Demographics, other: Demographics) -> bool:
    return _words(one) == _words(other) or _whole_names(one) == _whole_names(other)


def _similar_name(one: Demographics, other: Demographics) -> bool:
    return any(
        SequenceMatcher(None, *names).ratio() >= SIMILAR
        for names in ((_words(one), _words(other)), (_whole_names(one), _whole_names(other)))
    )


def _words(person: Demographics) -> str:
    """Each word of the name once, sorted, because given and family name may be swapped or repeated."""
    return " ".join(sorted(set(rules.words(person.name))))


def _whole_names(person: Demographics) -> str:
    """The same with each name joined into one word, so that `O Connor` and `O'Connor` are equal."""
    return " ".join(sorted("".join(rules.words(name)) for name in (person.given, person.family)))


def _same_phone(one: str | None, other: str | None) -> bool:
    ending = rules.phone_ending(one or "")
    return len(ending) >= PHONE_DIGITS_THAT_TELL and ending == rules.phone_ending(other or "")


def _one_slip_apart(one: date, other: date) -> bool:
    """Whether one digit differs, or day and month are swapped."""
    differing = sum(
        a != b for a, b in zip(rules.birth_digits(one), rules.birth_digits(other), strict=True)
    )
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    return differing == 1 or swapped
