"""What an OpenID client reads before it starts: the pool's configuration and its public keys."""

from typing import Any

from flask import Blueprint, abort
from joserfc.jwk import KeySetSerialization

from portal.development.cognito.claims import ALGORITHM, SCOPES
from portal.development.cognito.pool import UserPool, current_pool

discovery = Blueprint("discovery", __name__, url_prefix="/<pool_id>/.well-known")


@discovery.get("/openid-configuration")
def configuration(pool_id: str) -> dict[str, Any]:
    settings = _pool_called(pool_id).settings
    return {
        "issuer": settings.issuer,
        "jwks_uri": f"{settings.issuer}/.well-known/jwks.json",
        "authorization_endpoint": f"{settings.domain}/oauth2/authorize",
        "token_endpoint": f"{settings.domain}/oauth2/token",
        "userinfo_endpoint": f"{settings.domain}/oauth2/userInfo",
        # Cognito uses this name, although it does not understand the standard's parameters.
        "end_session_endpoint": f"{settings.domain}/logout",
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "response_types_supported": ["code"],
        "scopes_supported": list(SCOPES),
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }


@discovery.get("/jwks.json")
def public_keys(pool_id: str) -> KeySetSerialization:
    return _pool_called(pool_id).keys.published()


def _pool_called(pool_id: str) -> UserPool:
    pool = current_pool()
    if pool_id != pool.settings.pool_id:
        abort(404)
    return pool
