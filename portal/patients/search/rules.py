"""The words and numbers that find a patient. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations
from unicodedata import east_asian_width

from anyascii import anyascii

TERM_LENGTH = 64
BORN, CALLED, NUMBERED, PAIRED = "=", "+", "#", "/"
"""Prefixes of numeric search terms, so that a birth date never matches a phone number."""
PAIRED_WORDS = 6
PHONE_DIGITS = 9
"""National and international forms of a phone number have the same last nine digits."""

_APOSTROPHES = re.compile(r"['`´‘’‛ʹʻʼʽ＇]")
_WORD = re.compile(r"[a-z0-9]+")
_EXTENSION = re.compile(r"(?i)\s*(?:ext\.?|extension|x|#)\s*\d+\s*$")


def fold(text: str) -> str:
    """The text in plain lower-case ASCII letters:

    `Łukasz Strauß` and `Иван` as `lukasz strauss`, `ivan`. So names of any script can be typed in that script
    or in Latin letters.
    """
    composed = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text))
    return _APOSTROPHES.sub("", anyascii(composed)).lower()


def words(text: str) -> list[str]:
    """The folded words of a name, in order: `O'Keefe-Müller` gives okeefe and muller."""
    return [word[:TERM_LENGTH] for word in _WORD.findall(fold(text))]


def search_terms(
    *, family: str, given: str, birth_date: date, hospital_number: str, phone: str | None
) -> frozenset[str]:
    """All search terms of this patient; each is ASCII, at most `TERM_LENGTH` long."""
    families, givens = words_of_name(family), words_of_name(given)
    terms = {*families, *givens, *_pairs([*givens, *families])}
    if any(east_asian_width(letter) in "WF" for letter in family + given):
        terms.add("".join((*words(family), *words(given)))[:TERM_LENGTH])
    terms |= {f"{BORN}{birth_digits(birth_date)}", f"{NUMBERED}{hospital_number}"}
    if ending := phone_ending(phone or ""):
        terms.add(f"{CALLED}{ending}")
    return frozenset(terms - {""})


def words_of_name(name: str) -> list[str]:
    """The words, the parts between spaces, and the whole name, each as one word."""
    parts = [words(part) for part in (name, *name.split())]
    found = [*parts[0], *("".join(part)[:TERM_LENGTH] for part in parts)]
    return list(dict.fromkeys(word for word in found if word))


def pair(first: str, second: str) -> str:
    """The term for two words of a name: pairs of common names are rare, so the range is short."""
    return f"{PAIRED}{first} {second}"[:TERM_LENGTH]


def _pairs(found: Sequence[str]) -> Iterator[str]:
    """All pairs of words in both orders, so that users may type them in any order, the last unfinished."""
    few = list(dict.fromkeys(found))[:PAIRED_WORDS]
    return (pair(first, second) for first, second in permutations(few, 2))


def birth_digits(birth_date: date) -> str:
    """Year, month and day as eight digits, so that a year is a prefix."""
    return birth_date.isoformat().replace("-", "")


def phone_ending(phone: str) -> str:
    """The last digits of a phone number in reverse, so that "ends with" becomes a prefix."""
    digits = re.sub(r"\D", "", fold(_EXTENSION.sub("", phone)))
    return digits[::-1][:PHONE_DIGITS]
