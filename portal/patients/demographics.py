"""What the hospital keeps about a person, and what may be typed for it.

The `clean_…` functions give the text as it is kept, or raise `ValueError` with a sentence that says
what to type instead.
"""

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import date

from portal.models import AdministrativeGender

NAME_LENGTH, LINE_LENGTH, PHONE_LENGTH, EMAIL_LENGTH, ADDRESS_LENGTH = 100, 200, 32, 254, 500
OLDEST = 130

_JOINERS = "\u200c\u200d"
"""Zero-width joiner and non-joiner: invisible, and letters of Persian and Indic names need them."""
_NAME_CATEGORIES = ("L", "M", "N", "Zs", "Pd")
_NAME_SIGNS = "'’ʼ`´.,()/·" + _JOINERS
_PHONE = re.compile(r"\+?[\d ()./-]+(?:(?:ext\.?|x|#) ?\d{1,6})?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\"]+@[^@\s,;<>()\[\]\".]+(?:\.[^@\s,;<>()\[\]\".]+)+")
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How the hospital reaches the patient; patients change it themselves."""

    phone: str | None
    email: str | None
    address: str | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demographics(Contact):
    """Everything that reception writes down about a patient; named as the columns of `Patient`."""

    given: str
    family: str
    birth_date: date
    gender: AdministrativeGender
    emergency_name: str | None
    emergency_relationship: str | None
    emergency_phone: str | None


def columns(facts: Contact) -> dict[str, object]:
    """The facts by the names of their columns."""
    return {field.name: getattr(facts, field.name) for field in fields(facts)}


def clean_line(text: str | None) -> str:
    """One line without invisible characters, its spaces in order."""
    line = " ".join((text or "").split())
    if any(unicodedata.category(sign)[0] == "C" and sign not in _JOINERS for sign in line):
        raise ValueError("Type this again: it has characters in it that can't be shown")
    return line


def clean_name(text: str | None) -> str:
    """A name of any script."""
    name = clean_line(text)
    if len(name) > NAME_LENGTH:
        raise ValueError(f"Shorten this to {NAME_LENGTH} characters")
    if any(
        not unicodedata.category(sign).startswith(_NAME_CATEGORIES) and sign not in _NAME_SIGNS
        for sign in name
    ):
        raise ValueError("Use only letters, spaces, hyphens and apostrophes")
    if name and not any(unicodedata.category(sign)[0] == "L" for sign in name):
        raise ValueError("Enter a name with at least one letter")
    return name


def clean_short_text(text: str | None) -> str:
    line = clean_line(text)
    if len(line) > NAME_LENGTH:
        raise ValueError(f"Shorten this to {NAME_LENGTH} characters")
    return line


def clean_paragraph(text: str | None) -> str:
    """Some lines; empty ones are left out."""
    lines = [clean_line(line) for line in re.split(r"\r\n|\r|\n", text or "")]
    paragraph = "\n".join(line for line in lines if line)
    if len(paragraph) > ADDRESS_LENGTH:
        raise ValueError(f"Shorten this to {ADDRESS_LENGTH} characters")
    return paragraph


def clean_phone(text: str | None) -> str:
    phone = clean_line(unicodedata.normalize("NFKC", text or ""))
    if not phone:
        return ""
    digits = sum(sign.isdigit() for sign in phone)
    if not _PHONE.fullmatch(phone) or not 5 <= digits <= 20 or len(phone) > PHONE_LENGTH:
        raise ValueError("Enter a phone number, such as 07700 900123 or +44 7700 900123")
    return phone


def clean_email(text: str | None) -> str:
    email = clean_line(text)
    if email and (len(email) > EMAIL_LENGTH or not _EMAIL.fullmatch(email)):
        raise ValueError("Enter an e-mail address, such as name@example.org")
    return email


def clean_language_tag(text: str | None) -> str:
    """A BCP 47 tag in its usual case: `pt-BR`."""
    tag = clean_line(text)
    if not tag:
        return ""
    if len(tag) > 16 or not _LANGUAGE_TAG.fullmatch(tag):
        raise ValueError("Enter a language code, such as haw for Hawaiian, or leave this empty")
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    return {2: part.upper(), 4: part.title()}.get(len(part), part.lower())


def check_birth_date(birth_date: date, today: date) -> None:
    """Raises `ValueError` for a day to come, and for one that nobody alive was born on."""
    if birth_date > today:
        raise ValueError("Date of birth must be today or in the past")
    if birth_date.year < today.year - OLDEST:
        raise ValueError(f"Date of birth must be within the last {OLDEST} years. Check the year")
