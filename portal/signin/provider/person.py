"""The identity of a person, read from verified claims."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.access import Role
from portal.settings.configuration import OpenIdProvider
from portal.signin.provider.refusals import SignInRefused

NAME_LENGTH, EMAIL_LENGTH, USERNAME_LENGTH = 200, 254, 128
CLAIMS = frozenset(
    {"sub", "name", "given_name", "family_name", "preferred_username", "email", "email_verified"}
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


@dataclass(frozen=True, slots=True)
class Person:
    """A person at the provider. `name`, `email` and `username` are None when the claims lack them."""

    issuer: str
    subject: str
    name: str | None
    email: str | None
    username: str | None
    roles: frozenset[Role]


def person_from(claims: Mapping[str, Any], provider: OpenIdProvider) -> Person:
    """Raises `SignInRefused` when the groups are not a list of names."""
    return Person(
        issuer=claims["iss"],
        subject=claims["sub"],
        name=name_in(claims),
        email=email_in(claims),
        username=_text(claims.get("cognito:username"), USERNAME_LENGTH),
        roles=_roles(groups_in(claims, provider), provider),
    )


def name_in(claims: Mapping[str, Any]) -> str | None:
    parts = [_text(claims.get(part), NAME_LENGTH) for part in ("given_name", "family_name")]
    return (
        _text(claims.get("name"), NAME_LENGTH)
        or _text(" ".join(part for part in parts if part), NAME_LENGTH)
        or _text(claims.get("preferred_username"), NAME_LENGTH)
    )


def email_in(claims: Mapping[str, Any]) -> str | None:
    """The email address, unless the provider marks it as not verified."""
    email = _text(claims.get("email"), EMAIL_LENGTH + 1)
    if claims.get("email_verified") in (False, "false") or not _EMAIL.fullmatch(email or ""):
        return None
    return email if len(email or "") <= EMAIL_LENGTH else None


def groups_in(claims: Mapping[str, Any], provider: OpenIdProvider) -> frozenset[str] | None:
    """The names of the groups, or None if the claim is missing.

    Providers other than Cognito may send a string with one name, or several separated by commas.
    """
    found = claims.get(provider.groups_claim)
    if found is None:
        found = _nested(claims, provider.groups_claim.split("."))
    if found is None:
        return None
    if isinstance(found, str) and not provider.cognito:
        return frozenset({found, *(name.strip() for name in found.split(","))})
    if isinstance(found, list) and all(isinstance(name, str) for name in found):
        return frozenset(found)
    raise SignInRefused("ID token: the groups are not a list of names")


def _nested(claims: Any, path: list[str]) -> Any:
    for name in path:
        claims = claims.get(name) if isinstance(claims, Mapping) else None
    return claims


def _roles(groups: frozenset[str] | None, provider: OpenIdProvider) -> frozenset[Role]:
    named = {
        provider.role_of_group[name] for name in groups or () if name in provider.role_of_group
    }
    return frozenset(named) or frozenset({Role.PATIENT})


def _text(value: Any, length: int) -> str | None:
    """Printable text of at most `length` characters, or None."""
    if not isinstance(value, str):
        return None
    printable = "".join(letter if letter.isprintable() else " " for letter in value)
    return " ".join(printable.split())[:length].strip() or None
