"""The endpoint of the `cognito-idp` API, which boto3 calls: POST / with an X-Amz-Target."""

import json
from typing import Any

from flask import Blueprint, Response, request

from portal.development.cognito.identity_errors import (
    IdentityError,
    InvalidParameterException,
    MissingAuthenticationTokenException,
    ResourceNotFoundException,
    UnknownOperationException,
)
from portal.development.cognito.identity_operations import OPERATIONS
from portal.development.cognito.identity_shapes import text
from portal.development.cognito.own_account_operations import OWN_OPERATIONS
from portal.development.cognito.pool import current_pool

identity_api = Blueprint("identity_api", __name__)
TARGET = "AWSCognitoIdentityProviderService."
SIGNATURE = "AWS4-HMAC-SHA256 "


@identity_api.post("/")
def perform() -> Response:
    """One operation. A signature is required but not verified, because nobody has a key."""
    name = request.headers.get("X-Amz-Target", "").removeprefix(TARGET)
    if name in OWN_OPERATIONS:
        return _answer(OWN_OPERATIONS[name](current_pool(), _json()), 200)
    if not request.headers.get("Authorization", "").startswith(SIGNATURE):
        raise MissingAuthenticationTokenException("Missing Authentication Token")
    operation = OPERATIONS.get(name)
    if not operation:
        raise UnknownOperationException("This operation is not part of the development sign-in.")
    asked, pool = _json(), current_pool()
    pool_id = text(asked, "UserPoolId")
    if pool_id != pool.settings.pool_id:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    return _answer(operation(pool, asked), 200)


@identity_api.errorhandler(IdentityError)
def say_what_is_wrong(error: IdentityError) -> Response:
    return _answer({"__type": error.type, "message": str(error)}, 400)


def _json() -> dict[str, Any]:
    # boto3 sends application/x-amz-json-1.1, which Flask does not recognise as JSON.
    asked = request.get_json(force=True, silent=True)
    if not isinstance(asked, dict):
        raise InvalidParameterException("The request is not a JSON object.")
    return asked


def _answer(body: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(body), status, content_type="application/x-amz-json-1.1")
