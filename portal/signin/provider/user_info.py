"""The userinfo endpoint, used only for claims that the ID token does not have."""

import logging
from collections.abc import Mapping
from typing import Any

import requests

from portal.settings.configuration import OpenIdProvider
from portal.signin.provider.discovery import Configuration
from portal.signin.provider.id_token import Tokens
from portal.signin.provider.person import CLAIMS, groups_in, name_in
from portal.signin.provider.published import TIMEOUT, in_short
from portal.signin.provider.refusals import ProviderAway, SignInRefused

REFUSED_FOR_NOW = frozenset({401, 403, 408, 429})
"""After one of these errors, the groups are unknown. Without their groups, staff would become patients.
"""

log = logging.getLogger("portal.signin")


def completed(
    claims: Mapping[str, Any],
    tokens: Tokens,
    provider: OpenIdProvider,
    configuration: Configuration,
) -> Mapping[str, Any]:
    """The claims, with name, email and groups added from userinfo where they are missing.

    Cognito's groups are only in the ID token. Raises `ProviderAway` so that a short outage or a refusal does
    not remove a person's groups.
    """
    lacks_groups = not provider.cognito and groups_in(claims, provider) is None
    if name_in(claims) and "email" in claims and not lacks_groups:
        return claims
    if not configuration.userinfo_endpoint or not tokens.access_token:
        return claims
    more = _fetch(configuration.userinfo_endpoint, tokens.access_token, lacks_groups=lacks_groups)
    if more is None:
        return claims
    if more.get("sub") != claims["sub"]:
        raise SignInRefused("userinfo: sub is not the ID token's")
    if provider.cognito:
        more = {name: value for name, value in more.items() if name in CLAIMS}
    return {**more, **claims}


def _fetch(url: str, access_token: str, *, lacks_groups: bool) -> Mapping[str, Any] | None:
    """The claims of userinfo; None when it refuses, so that people can sign in without a name."""
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
        status = fault.response.status_code if isinstance(fault, requests.HTTPError) else 0
        if status >= 500 or (lacks_groups and status in REFUSED_FOR_NOW):
            raise ProviderAway(f"userinfo: {in_short(fault)}") from None
        log.warning("userinfo was not read: %s", in_short(fault))
        return None
    except requests.RequestException as fault:
        raise ProviderAway(f"userinfo: {in_short(fault)}") from None
    return found if isinstance(found, dict) else None
