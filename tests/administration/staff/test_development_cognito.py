"""Staff with an account made in the portal can sign in at the development sign-in."""

import pytest

from portal.access import STAFF, Role
from portal.administration.staff.user_pool import INVITED, UnknownUser, UserExists, UserPool
from tests.development.cognito.provider import PlainClient, running_provider

ROLES = {role.value: role for role in STAFF}
EMAIL = "sian.new@hospital.example"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "development")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "development")


def test_an_account_gets_roles_signs_in_and_is_disabled() -> None:
    with running_provider() as provider:
        pool = UserPool(provider.pool_id, provider.domain)
        made = pool.invite(EMAIL, "Siân New")
        assert (made.status, made.enabled, made.email_verified) == (INVITED, True, True)
        with pytest.raises(UserExists):
            pool.invite(EMAIL, "Siân New")

        pool.set_roles(made.username, frozenset({Role.RECEPTION, Role.NURSE}), ROLES)
        pool.set_roles(made.username, frozenset({Role.ADMINISTRATOR}), ROLES)
        caller = PlainClient(provider)
        token = caller.exchange(caller.answer(caller.choose(made.username))["code"]).json()
        claims = caller.claims_of(token["id_token"])
        assert (claims["sub"], claims["name"]) == (made.subject, "Siân New")
        assert claims["cognito:groups"] == ["administrator"]

        pool.invite_again(EMAIL)
        pool.disable(made.username)
        assert not pool.find(EMAIL).enabled
        pool.enable(made.username)
        assert pool.find(EMAIL).enabled
        with pytest.raises(UnknownUser):
            pool.find("nobody@hospital.example")
