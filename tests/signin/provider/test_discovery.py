"""What is kept of the provider's documents, for how long, and what makes one unusable."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.signin.provider.discovery import Discovery, read_keys
from portal.signin.provider.published import FRESH, PAUSE, USABLE
from portal.signin.provider.refusals import ProviderAway
from tests.signin.portal_flow import Visit, portal_with
from tests.signin.standard_provider import StandardProvider, running_standard_provider


@dataclass
class Seconds:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def provider() -> Iterator[StandardProvider]:
    with running_standard_provider(path="/hospital/") as provider:
        yield provider


@pytest.fixture
def discovery(provider: StandardProvider, seconds: Seconds) -> Discovery:
    return Discovery(provider.issuer, seconds)


def test_a_document_is_asked_for_once_an_hour(
    provider: StandardProvider, discovery: Discovery, seconds: Seconds
) -> None:
    for later in (0.0, 1.0, FRESH - 1.1, 0.2):
        seconds.now += later
        discovery.configuration()

    assert provider.asked == ["/hospital/.well-known/openid-configuration"] * 2


def test_an_outage_is_bridged_for_a_day(
    provider: StandardProvider, discovery: Discovery, seconds: Seconds
) -> None:
    discovery.keys()
    provider.away = True
    seconds.now += USABLE - 1

    assert discovery.keys().keys[0].kid == "current"
    seconds.now += 2
    with pytest.raises(ProviderAway):
        discovery.keys()


def test_a_provider_that_is_away_is_not_asked_by_each_person(
    provider: StandardProvider, discovery: Discovery, seconds: Seconds
) -> None:
    provider.away = True
    for _ in range(3):
        with pytest.raises(ProviderAway):
            discovery.configuration()
    assert len(provider.asked) == 1

    provider.away = False
    seconds.now += PAUSE
    assert discovery.configuration().issuer == provider.issuer


def test_new_keys_are_asked_for_not_more_often_than_every_few_seconds(
    provider: StandardProvider, discovery: Discovery, seconds: Seconds
) -> None:
    discovery.keys()
    provider.key = provider.new_key("next")
    assert discovery.keys(refresh=True).keys[0].kid == "current"

    seconds.now += PAUSE
    assert discovery.keys(refresh=True).keys[0].kid == "next"
    assert provider.asked.count("/keys") == 2


def test_a_provider_that_hangs_is_waited_for_three_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.signin.provider.published.TIMEOUT", 0.2)
    with running_standard_provider(hangs_for=2.0) as provider:
        began = time.monotonic()
        with pytest.raises(ProviderAway):
            Discovery(provider.issuer).configuration()

    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        ({"issuer": None}, "it has no issuer"),
        ({"issuer": "https://elsewhere.example/"}, "its issuer is not OIDC_ISSUER"),
        ({"authorization_endpoint": None}, "it has no authorization_endpoint"),
        ({"token_endpoint": 7}, "it has no token_endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "its jwks_uri is not an https address"),
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "no algorithm that can be"),
        ({"id_token_signing_alg_values_supported": 7}, "not iterable"),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, "takes no client secret"),
    ],
    ids=str,
)
def test_an_unusable_configuration_is_refused(
    provider: StandardProvider,
    discovery: Discovery,
    caplog: pytest.LogCaptureFixture,
    published: dict[str, Any],
    reason: str,
) -> None:
    provider.published = published

    with pytest.raises(ProviderAway):
        discovery.configuration()
    assert reason in caplog.text


@pytest.mark.parametrize("path", ["/hospital/.well-known/openid-configuration", "/keys"])
def test_a_document_that_was_moved_is_not_followed(
    provider: StandardProvider, discovery: Discovery, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    provider.moved = {path: f"{provider.origin}/elsewhere"}

    with pytest.raises(ProviderAway):
        discovery.keys()
    assert "/elsewhere" not in provider.asked
    assert "it was redirected" in caplog.text


def test_a_secure_issuer_must_not_send_people_to_plain_http() -> None:
    discovery = Discovery("https://sign-in.example.org")

    with pytest.raises(ValueError, match="not an https address"):
        discovery._read_configuration(
            {
                "issuer": "https://sign-in.example.org",
                "authorization_endpoint": "http://sign-in.example.org/authorize",
            }
        )


@pytest.mark.parametrize("configured", ["/hospital", "/hospital/"])
def test_the_issuers_name_is_the_documents(provider: StandardProvider, configured: str) -> None:
    found = Discovery(provider.origin + configured).configuration()

    assert found.issuer == f"{provider.origin}/hospital/"


@pytest.mark.parametrize("document", [None, [], {}, {"keys": 7}, {"keys": [7, {"kty": "RSA"}]}])
def test_malformed_keys_are_refused(document: Any) -> None:
    with pytest.raises(ValueError, match="no key"):
        read_keys(document)


def test_an_unknown_key_does_not_affect_the_others(provider: StandardProvider) -> None:
    good = provider.key.as_dict(private=False)
    shared = {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}
    unknown = {"kty": "EC", "crv": "P-9999", "x": "AA", "y": "AA", "kid": "unknown"}

    secrecy = {**good, "kid": "secrecy", "use": "enc"}

    keys = read_keys({"keys": [unknown, shared, secrecy, good]})

    assert [key.kid for key in keys] == ["current"]


@pytest.mark.parametrize("kid", ["next", "current"])
def test_people_sign_in_after_the_keys_were_changed(
    kid: str,
    provider: StandardProvider,
    database: Session,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.signin.provider.published.PAUSE", 0.0)
    with portal_with(provider, database_url) as app:
        assert Visit.to(app).sign_in().status_code == 302
        provider.key = provider.new_key(kid)
        assert Visit.to(app).sign_in().status_code == 302


def test_while_the_provider_is_away_people_stay_signed_in(
    visit: Visit, standard: StandardProvider, portal: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """People stay signed in. Others are asked to come back later. The sign-in page still opens."""
    visit.sign_in()
    standard.away = True

    assert visit.browser.get("/sign-ins").status_code == 200
    newcomer = Visit.to(portal)
    assert newcomer.browser.get("/sign-in").status_code == 200
    answer = newcomer.browser.get("/sign-in/start")
    assert answer.status_code == 302
    standard.away = False
    way_back = newcomer.at_provider(answer.location)
    standard.away = True
    told = newcomer.browser.get(way_back)
    assert told.status_code == 503
    assert "does not answer at the moment" in told.text
    assert "token endpoint: HTTPError 503" in caplog.text
