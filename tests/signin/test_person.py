"""Who somebody is, as their claims say."""

from dataclasses import replace
from typing import Any

import pytest

from portal.access import Role
from portal.config import OpenIdProvider
from portal.signin.person import Person, person_from
from portal.signin.refusals import SignInRefused
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
def test_the_name(claims: dict[str, Any], name: str | None) -> None:
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
def test_the_email(claims: dict[str, Any], email: str | None) -> None:
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
def test_the_roles(claim: str, groups: Any, roles: str) -> None:
    found = person(replace(STANDARD, groups_claim=claim), **{claim: groups})

    assert found.roles == {Role(role) for role in roles.split()}


@pytest.mark.parametrize(
    "claims",
    [{"realm": {"roles": ["nurse"]}}, {"realm.roles": ["nurse"], "realm": {"roles": ["doctor"]}}],
    ids=str,
)
def test_roles_within_another_claim(claims: dict[str, Any]) -> None:
    assert person(replace(STANDARD, groups_claim="realm.roles"), **claims).roles == {Role.NURSE}


def test_a_path_that_leads_nowhere() -> None:
    assert person(replace(STANDARD, groups_claim="realm.roles"), realm=[1]).roles == {Role.PATIENT}


def test_groups_by_other_names() -> None:
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
