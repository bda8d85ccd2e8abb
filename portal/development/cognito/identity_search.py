"""ListUsers: Cognito's one-condition filter, and pages of at most 60."""

import re
from typing import Any

from portal.development.cognito.accounts import Account
from portal.development.cognito.identity_errors import InvalidParameterException
from portal.development.cognito.identity_shapes import user_shape

Json = dict[str, Any]
LONGEST_PAGE = 60
CONDITION = re.compile(r'\s*([\w:]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')
SEARCHABLE = {"email", "phone_number", "name", "given_name", "family_name", "sub"}


def page_of_users(accounts: list[Account], asked: Json) -> Json:
    """One page of the accounts that match `Filter`, with a `PaginationToken` when more follow."""
    found = [account for account in accounts if _matches(account, asked.get("Filter"))]
    start, limit = _start(asked.get("PaginationToken")), _limit(asked.get("Limit"))
    page = found[start : start + limit]
    shown = asked.get("AttributesToGet")
    if shown is not None and not isinstance(shown, list):
        raise InvalidParameterException("AttributesToGet is not a list of names.")
    answer: Json = {"Users": [user_shape(account, shown) for account in page]}
    if start + limit < len(found):
        answer["PaginationToken"] = str(start + limit)
    return answer


def _matches(account: Account, condition: object) -> bool:
    if not condition:
        return True
    parsed = CONDITION.fullmatch(str(condition))
    if not parsed:
        raise InvalidParameterException("Error while parsing filter.")
    name, how, wanted = parsed.groups()
    value, wanted = _searched_value(account, name), re.sub(r"\\(.)", r"\1", wanted)
    return value.startswith(wanted) if how == "^=" else value == wanted


def _searched_value(account: Account, name: str) -> str:
    if name == "username":
        return account.username
    if name == "status":
        return "Enabled" if account.enabled else "Disabled"
    if name == "cognito:user_status":
        return account.status
    if name not in SEARCHABLE:
        raise InvalidParameterException(f"Invalid search attribute: {name}")
    return account.attributes.get(name, "")


def _start(token: Any) -> int:
    if token is None:
        return 0
    if not isinstance(token, str) or not token.isascii() or not token.isdigit():
        raise InvalidParameterException("Invalid pagination token provided.")
    return int(token)


def _limit(limit: Any) -> int:
    if limit is None:
        return LONGEST_PAGE
    if not isinstance(limit, int) or not 0 <= limit <= LONGEST_PAGE:
        raise InvalidParameterException("Limit must be between 0 and 60.")
    return limit or LONGEST_PAGE
