"""Name, email and roles from the claims of a token."""

from dataclasses import replace
from typing import Any

import pytest

from portal.access import Role
from portal.settings.configuration import OpenIdProvider
from portal.signin.provider.person import Person, person_from
from portal.signin.provider.refusals import SignInRefused
from tests.settings import settings_for

COGNITO = settings_for("sqlite://").sign_in
STANDARD = settings_for("sqlite://", OIDC_PROVIDER="standard").sign_in


def person(provider: OpenIdProvider = STANDARD, **claims: Any) -> Person:
    return person_from({"iss": "https://issuer.example", "sub": "s", **claims}, provider)


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Siân Davies"}, "Siân Davies"),
        ({"name": " Siân \n Davies\x00 "}, "Siân Davies"),
        ({"name": "n" * 300}, "n" * 200),
        ({"given_name": "Siân", "family_name": "Davies"}, "Siân Davies"),
        ({"name": "", "family_name": "Davies"}, "Davies"),
        ({"preferred_username": "sdavies"}, "sdavies"),
        ({"name": 7}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_name_is_read_from_the_claims(claims: dict[str, Any], name: str | None) -> None:
    assert person(**claims).name == name


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({"email": "sian@example.org"}, "sian@example.org"),
        ({"email": "sian@example.org", "email_verified": True}, "sian@example.org"),
        ({"email": "sian@example.org", "email_verified": False}, None),
        ({"email": "sian@example.org", "email_verified": "false"}, None),
        ({"email": "not an address"}, None),
        ({"email": "a@b, c@d"}, None),
        ({"email": "s@" + "x" * 253}, None),
        ({"email": ["sian@example.org"]}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_email_is_read_when_it_is_verified(claims: dict[str, Any], email: str | None) -> None:
    assert person(**claims).email == email


@pytest.mark.parametrize(
    ("claim", "groups", "roles"),
    [
        ("groups", ["doctor", "administrator"], "doctor administrator"),
        ("groups", ["Doctor", "system", "patient"], "patient"),
        ("groups", [], "patient"),
        ("groups", None, "patient"),
        ("groups", "nurse", "nurse"),
        ("groups", "nurse, reception", "nurse reception"),
        ("groups", "former doctor", "patient"),
        ("https://hospital.example/roles", ["nurse"], "nurse"),
    ],
    ids=str,
)
def test_the_roles_are_read_from_the_groups(claim: str, groups: Any, roles: str) -> None:
    found = person(replace(STANDARD, groups_claim=claim), **{claim: groups})

    assert found.roles == {Role(role) for role in roles.split()}


@pytest.mark.parametrize(
    "claims",
    [{"realm": {"roles": ["nurse"]}}, {"realm.roles": ["nurse"], "realm": {"roles": ["doctor"]}}],
    ids=str,
)
def test_roles_may_be_within_another_claim(claims: dict[str, Any]) -> None:
    assert person(replace(STANDARD, groups_claim="realm.roles"), **claims).roles == {Role.NURSE}


def test_a_claim_that_is_missing_gives_no_roles() -> None:
    assert person(replace(STANDARD, groups_claim="realm.roles"), realm=[1]).roles == {Role.PATIENT}


def test_groups_may_have_other_names() -> None:
    provider = replace(STANDARD, role_of_group={"/ward/doctors": Role.DOCTOR})

    assert person(provider, groups=["/ward/doctors", "doctor"]).roles == {Role.DOCTOR}
    assert person(provider, groups=["doctor"]).roles == {Role.PATIENT}


@pytest.mark.parametrize("groups", ["doctor", 7, {"doctor": True}, [["doctor"]], [7]], ids=str)
def test_groups_of_cognito_are_a_list_of_names(groups: Any) -> None:
    with pytest.raises(SignInRefused):
        person(COGNITO, **{"cognito:groups": groups})


def test_cognitos_own_claims() -> None:
    found = person(COGNITO, **{"cognito:groups": ["reception"], "cognito:username": "7f3c"})

    assert (found.username, found.roles) == ("7f3c", {Role.RECEPTION})
