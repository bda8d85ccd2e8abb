"""The userinfo endpoint, asked only for what the ID token does not say."""

import logging
from collections.abc import Mapping
from typing import Any

import requests

from portal.config import OpenIdProvider
from portal.signin.discovery import Configuration
from portal.signin.id_token import Tokens
from portal.signin.person import CLAIMS, groups_in, name_in
from portal.signin.published import TIMEOUT, in_short
from portal.signin.refusals import ProviderAway, SignInRefused

log = logging.getLogger("portal.signin")


def completed(
    claims: Mapping[str, Any],
    tokens: Tokens,
    provider: OpenIdProvider,
    configuration: Configuration,
) -> Mapping[str, Any]:
    """The claims, with name, e-mail and groups added from userinfo where they are missing.

    Cognito's groups stand in the ID token alone. Raises `ProviderAway` rather than let a short
    outage take somebody's groups away.
    """
    lacks_groups = not provider.cognito and groups_in(claims, provider) is None
    if name_in(claims) and "email" in claims and not lacks_groups:
        return claims
    if not configuration.userinfo_endpoint or not tokens.access_token:
        return claims
    more = _fetch(configuration.userinfo_endpoint, tokens.access_token)
    if more is None:
        return claims
    if more.get("sub") != claims["sub"]:
        raise SignInRefused("userinfo: sub is not the ID token's")
    if provider.cognito:
        more = {name: value for name, value in more.items() if name in CLAIMS}
    return {**more, **claims}


def _fetch(url: str, access_token: str) -> Mapping[str, Any] | None:
    """What userinfo says; None when it refuses, so that a name that is missing keeps nobody out."""
    try:
        answer = requests.get(
            url,
            headers={"Authorization": f"Bearer {access_token}", "Accept": "application/json"},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        answer.raise_for_status()
        found = answer.json()
    except (requests.HTTPError, ValueError) as fault:
        if isinstance(fault, requests.HTTPError) and fault.response.status_code >= 500:
            raise ProviderAway(f"userinfo: {in_short(fault)}") from None
        log.warning("userinfo was not read: %s", in_short(fault))
        return None
    except requests.RequestException as fault:
        raise ProviderAway(f"userinfo: {in_short(fault)}") from None
    return found if isinstance(found, dict) else None
