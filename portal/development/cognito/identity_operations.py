"""The operations of the `cognito-idp` API that the portal's administrators use.

Each takes the pool and the request's JSON and returns the answer's, in the shapes of the "Amazon
Cognito user pools API reference".
"""

from collections.abc import Callable
from typing import Any

from portal.development.cognito.accounts import Account, UsernameTaken
from portal.development.cognito.identity_errors import (
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
    UsernameExistsException,
    UserNotFoundException,
)
from portal.development.cognito.identity_search import page_of_users
from portal.development.cognito.identity_shapes import (
    attributes_in,
    group_shape,
    second_step_shape,
    text,
    user_shape,
)
from portal.development.cognito.people import GROUPS
from portal.development.cognito.pool import UserPool

Json = dict[str, Any]


def create_user(pool: UserPool, asked: Json) -> Json:
    email = text(asked, "Username")
    if asked.get("MessageAction") == "RESEND":
        return {"User": user_shape(_account(pool, asked))}
    if "@" not in email:
        raise InvalidParameterException("Username should be an email.")
    try:
        account = pool.accounts.create(email, attributes_in(asked))
    except UsernameTaken:
        raise UsernameExistsException("User account already exists") from None
    return {"User": user_shape(account)}


def get_user(pool: UserPool, asked: Json) -> Json:
    account = _account(pool, asked)
    shape = user_shape(account)
    return {"UserAttributes": shape.pop("Attributes"), **shape, **second_step_shape(account)}


def add_user_to_group(pool: UserPool, asked: Json) -> Json:
    pool.accounts.add_to_group(_account(pool, asked).sub, _group(asked))
    return {}


def remove_user_from_group(pool: UserPool, asked: Json) -> Json:
    pool.accounts.remove_from_group(_account(pool, asked).sub, _group(asked))
    return {}


def disable_user(pool: UserPool, asked: Json) -> Json:
    account = _account(pool, asked)
    pool.accounts.enable(account.sub, enabled=False)
    pool.revoke_tokens_of(account.sub)
    return {}


def enable_user(pool: UserPool, asked: Json) -> Json:
    pool.accounts.enable(_account(pool, asked).sub, enabled=True)
    return {}


def reset_user_password(pool: UserPool, asked: Json) -> Json:
    account = _account(pool, asked)
    if account.status == "FORCE_CHANGE_PASSWORD":
        raise NotAuthorizedException("User password cannot be reset in the current state.")
    if account.attributes.get("email_verified") != "true":
        raise InvalidParameterException(
            "Cannot reset password for the user as there is no registered/verified email or "
            "phone_number"
        )
    pool.accounts.set_status(account.sub, "RESET_REQUIRED")
    return {}


def user_global_sign_out(pool: UserPool, asked: Json) -> Json:
    """Revokes the person's tokens; as in Cognito, the session of the hosted pages stays."""
    pool.revoke_tokens_of(_account(pool, asked).sub)
    return {}


def list_groups_for_user(pool: UserPool, asked: Json) -> Json:
    groups = _account(pool, asked).groups
    return {"Groups": [group_shape(pool.settings.pool_id, group) for group in groups]}


def list_users(pool: UserPool, asked: Json) -> Json:
    return page_of_users(pool.accounts.all(), asked)


OPERATIONS: dict[str, Callable[[UserPool, Json], Json]] = {
    "AdminCreateUser": create_user,
    "AdminGetUser": get_user,
    "AdminAddUserToGroup": add_user_to_group,
    "AdminRemoveUserFromGroup": remove_user_from_group,
    "AdminDisableUser": disable_user,
    "AdminEnableUser": enable_user,
    "AdminResetUserPassword": reset_user_password,
    "AdminUserGlobalSignOut": user_global_sign_out,
    "AdminListGroupsForUser": list_groups_for_user,
    "ListUsers": list_users,
}


def _account(pool: UserPool, asked: Json) -> Account:
    account = pool.accounts.find(text(asked, "Username"))
    if not account:
        raise UserNotFoundException("User does not exist.")
    return account


def _group(asked: Json) -> str:
    group = text(asked, "GroupName")
    if group not in GROUPS:
        raise ResourceNotFoundException("Group not found.")
    return group
