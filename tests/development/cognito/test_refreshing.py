"""Refresh tokens: what they return, and what ends them."""

from portal.development.cognito.people import PRIYA_RAMAN
from portal.development.cognito.sign_ins import RefreshTokens, SignIn
from portal.development.cognito.state import KeptState
from tests.development.cognito.provider import Clock, PlainClient

SIGN_IN = SignIn("subject", 1000, "origin")


def test_new_tokens_say_what_is_true_now_and_carry_no_nonce(
    caller: PlainClient, clock: Clock
) -> None:
    first = caller.exchange(caller.code_for(PRIYA_RAMAN)).json()
    signed_in_at = clock.second
    clock.second += 600

    answer = caller.refresh(first["refresh_token"])

    assert answer.status_code == 200, answer.text
    claims = caller.claims_of(answer.json()["id_token"])
    assert (claims["sub"], claims["cognito:groups"]) == (PRIYA_RAMAN.sub, ["doctor"])
    assert (claims["iat"], claims["auth_time"]) == (clock.second, signed_in_at)
    assert "nonce" not in claims
    assert "refresh_token" not in answer.json()
    assert caller.refresh(first["refresh_token"]).status_code == 200


def test_an_unknown_token_and_one_that_is_too_old(caller: PlainClient, clock: Clock) -> None:
    token = caller.exchange(caller.code_for(PRIYA_RAMAN)).json()["refresh_token"]
    clock.second += 13 * 3600

    for refused in (token, "a guess"):
        answer = caller.refresh(refused)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_they_outlive_a_restart() -> None:
    state = KeptState(None)
    token = RefreshTokens(state, lambda: 0.0, lifetime=60).add(SIGN_IN, "openid")

    found = RefreshTokens(state, lambda: 0.0, lifetime=60).find(token)

    assert found is not None
    assert (found.sign_in, found.scope) == (SIGN_IN, "openid")


def test_signing_somebody_out_everywhere_takes_theirs() -> None:
    tokens = RefreshTokens(KeptState(None), lambda: 0.0, lifetime=60)
    theirs, others = tokens.add(SIGN_IN, "openid"), tokens.add(SignIn("b", 1, "c"), "openid")

    tokens.revoke_of("subject")

    assert tokens.find(theirs) is None
    assert tokens.find(others) is not None
