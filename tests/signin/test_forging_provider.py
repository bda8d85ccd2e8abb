"""The forgeries are what they say: one lie each, the rest of the token as it should be."""

import json
from collections.abc import Iterator

import pytest
from joserfc import jws
from joserfc.errors import JoseError

from portal.signin.development_cognito.people import AMINA_OKAFOR
from portal.signin.development_cognito.pool import UserPool
from tests.signin.forging_provider import FORGERIES, ForgingIdToken
from tests.signin.provider import PlainClient, running_provider


@pytest.fixture(scope="module")
def forging() -> Iterator[tuple[PlainClient, ForgingIdToken]]:
    made: list[ForgingIdToken] = []

    def make(pool: UserPool) -> ForgingIdToken:
        made.append(ForgingIdToken(pool))
        return made[0]

    with running_provider(id_token=make) as settings:
        yield PlainClient(settings), made[0]


def token(caller: PlainClient) -> str:
    code = caller.code_for(AMINA_OKAFOR, prompt="login")
    return caller.exchange(code).json()["id_token"]


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_lies_in_one_point(forging, name):
    caller, forger = forging
    forger.forgery = None
    honest = caller.claims_of(token(caller))
    forger.forgery = FORGERIES[name]
    forged = token(caller)
    if forger.forgery.signed == "RS256":
        caller.claims_of(forged)
        lies = json.loads(jws.extract_compact(forged.encode()).payload)
        lied = forger.forgery.claims(honest).keys()
        assert all(lies.get(claim) != honest.get(claim) for claim in lied)
    else:
        with pytest.raises(JoseError):
            caller.claims_of(forged)
