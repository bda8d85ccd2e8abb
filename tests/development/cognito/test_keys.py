"""Keys rotate automatically and on request. What they signed can be verified until it expires."""

import pytest
import requests
from joserfc.errors import InvalidKeyIdError

from portal.development.cognito.people import AMINA_OKAFOR
from tests.development.cognito.provider import Clock, PlainClient, running_provider


def kids(caller: PlainClient) -> list[str]:
    return [str(key.kid) for key in caller.published_keys()]


def rotate(caller: PlainClient) -> None:
    url = f"{caller.settings.domain}/development/rotate-keys"
    assert requests.post(url, timeout=10).status_code == 204


def test_nothing_private_is_published(caller: PlainClient) -> None:
    [key] = caller.get(f"/{caller.settings.pool_id}/.well-known/jwks.json").json()["keys"]
    assert key.keys() == {"kty", "n", "e", "kid", "use", "alg"}
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")


def test_after_a_rotation_a_new_key_signs_and_the_old_one_is_still_published(
    caller: PlainClient,
) -> None:
    before = caller.exchange(caller.code_for(AMINA_OKAFOR)).json()["id_token"]
    [old] = kids(caller)
    rotate(caller)
    new, still = kids(caller)
    assert still == old != new
    after = caller.exchange(caller.answer(caller.authorize())["code"]).json()["id_token"]
    assert caller.claims_of(before)["sub"] == caller.claims_of(after)["sub"]


def test_the_old_key_goes_when_the_last_token_that_it_signed_is_over(
    caller: PlainClient, clock: Clock
) -> None:
    token = caller.exchange(caller.code_for(AMINA_OKAFOR)).json()["id_token"]
    [old] = kids(caller)
    rotate(caller)
    clock.second += 2 * caller.settings.token_lifetime - 1
    assert old in kids(caller)
    clock.second += 1
    assert old not in kids(caller)
    with pytest.raises(InvalidKeyIdError):
        caller.claims_of(token)


def test_keys_rotate_by_themselves() -> None:
    clock = Clock()
    with running_provider(now=clock, rotate_keys_after=3600) as settings:
        caller = PlainClient(settings)
        [first] = kids(caller)
        clock.second += 3599
        assert kids(caller) == [first]
        clock.second += 1
        second, kept = kids(caller)
        assert kept == first != second
