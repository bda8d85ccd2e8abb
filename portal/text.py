"""Cleaning of what people type, for every form and for the FHIR importer. Pure.

Each function returns the text as it is stored, or raises `ValueError` with a sentence that says
what to type instead.
"""

import re
import unicodedata
from datetime import date

from email_validator import EmailNotValidError, validate_email

NAME_LENGTH, LINE_LENGTH, PHONE_LENGTH, EMAIL_LENGTH, PARAGRAPH_LENGTH = 100, 200, 32, 254, 500
OLDEST_YEARS = 130
"""No living person is older, and no document about one."""

JOINERS = "\u200c\u200d"
"""Zero-width joiner and non-joiner: invisible, but needed in Persian and Indic names."""

_NAME_CATEGORIES = ("L", "M", "N", "Zs", "Pd")
_NAME_SIGNS = "'’ʼ`´.,()/·" + JOINERS
_PHONE = re.compile(r"\+?[\d ()./-]+(?:(?:ext\.?|x|#) ?\d{1,6})?", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
NOT_AN_EMAIL = "Enter an email address, such as name@example.org"
NO_MAIL_SERVER_TAKES_IT = (
    "Enter an email address without accented letters before the @: our mail can't reach this one"
)


def clean_line(text: str | None, length: int | None = None) -> str:
    """One line of at most `length` characters, without invisible ones and with single spaces."""
    line = " ".join((text or "").split())
    if any(unicodedata.category(sign)[0] == "C" and sign not in JOINERS for sign in line):
        raise ValueError("Type this again: it has characters in it that can't be shown")
    if length is not None and len(line) > length:
        raise ValueError(f"Shorten this to {length} characters")
    return line


def clean_paragraph(text: str | None, length: int = PARAGRAPH_LENGTH) -> str:
    """Several lines; empty ones are removed."""
    lines = [clean_line(line) for line in re.split(r"\r\n|\r|\n", text or "")]
    paragraph = "\n".join(line for line in lines if line)
    if len(paragraph) > length:
        raise ValueError(f"Shorten this to {length} characters")
    return paragraph


def clean_name(text: str | None) -> str:
    """A name in any script."""
    name = clean_line(text, NAME_LENGTH)
    if any(
        not unicodedata.category(sign).startswith(_NAME_CATEGORIES) and sign not in _NAME_SIGNS
        for sign in name
    ):
        raise ValueError("Use only letters, spaces, hyphens and apostrophes")
    if name and not any(unicodedata.category(sign)[0] == "L" for sign in name):
        raise ValueError("Enter a name with at least one letter")
    return name


def clean_phone(text: str | None) -> str:
    phone = clean_line(unicodedata.normalize("NFKC", text or ""))
    if not phone:
        return ""
    digits = sum(sign.isdigit() for sign in phone)
    if not _PHONE.fullmatch(phone) or not 5 <= digits <= 20 or len(phone) > PHONE_LENGTH:
        raise ValueError("Enter a phone number, such as 07700 900123 or +44 7700 900123")
    return phone


def clean_email(text: str | None) -> str:
    """An email address to which the portal can send (RFC 5321).

    Its domain may be international. Accented letters before the @ need SMTPUTF8 (RFC 6531), which
    Amazon SES does not support.
    """
    line = clean_line(text)
    if not line:
        return ""
    try:
        found = validate_email(line, check_deliverability=False, allow_display_name=False)
    except EmailNotValidError:
        raise ValueError(NOT_AN_EMAIL) from None
    if found.ascii_email is None:
        raise ValueError(NO_MAIL_SERVER_TAKES_IT)
    if len(found.normalized) > EMAIL_LENGTH:
        raise ValueError(NOT_AN_EMAIL)
    return found.normalized


def clean_language_tag(text: str | None) -> str:
    """A BCP 47 tag in its usual case: `pt-BR`."""
    tag = clean_line(text).replace("_", "-")
    if not tag:
        return ""
    if len(tag) > 16 or not _LANGUAGE_TAG.fullmatch(tag):
        raise ValueError("Enter a language code, such as haw for Hawaiian, or leave this empty")
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    return {2: part.upper(), 4: part.title()}.get(len(part), part.lower())


def check_past(day: date, today: date, what: str) -> None:
    """Raises `ValueError` for a day in the future, or before any living person was born."""
    if day > today:
        raise ValueError(f"{what} must be today or in the past")
    if day.year < today.year - OLDEST_YEARS:
        raise ValueError(f"{what} must be within the last {OLDEST_YEARS} years. Check the year")
