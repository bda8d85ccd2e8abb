"""The endpoints that the portal calls by itself: token and userInfo."""

from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from portal.development.cognito.authorization import authorization_server, token_protector
from portal.development.cognito.claims import user_attributes
from portal.development.cognito.pool import current_pool

tokens = Blueprint("tokens", __name__, url_prefix="/oauth2")


@tokens.post("/token")
def token() -> ResponseReturnValue:
    response: ResponseReturnValue = authorization_server().create_token_response()
    return response


@tokens.route("/userInfo", methods=["GET", "POST"])
def user_info() -> dict[str, Any]:
    with token_protector().acquire("openid") as access:
        account = current_pool().accounts.find(access.sub)
        if not account or not account.enabled:
            abort(401)
        return {
            "sub": account.sub,
            "username": account.username,
            **user_attributes(account, access.scope),
        }
