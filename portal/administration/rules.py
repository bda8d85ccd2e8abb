"""Who may be given which role, and what an administrator can't do to themselves. Pure."""

from collections.abc import Mapping

from portal.access import CLINICIANS, STAFF, Actor, Role
from portal.errors import Refused, Unfit

OWN_ACCOUNT = "You can't disable your own account. Another administrator can."
OWN_ROLE = "You can't give up being an administrator yourself. Another administrator can do it."


def require_other(by: Actor, account_ref: str) -> None:
    """Nobody disables themselves: there might be nobody left to undo it."""
    if by.ref == account_ref:
        raise Refused(OWN_ACCOUNT)


def require_roles(by: Actor, account_ref: str | None, roles: frozenset[Role]) -> None:
    """At least one role of the staff's; and an administrator stays one in their own eyes."""
    if not roles or not roles <= STAFF:
        raise Unfit("roles", "Choose at least one role")
    if by.ref == account_ref and Role.ADMINISTRATOR not in roles:
        raise Unfit("roles", OWN_ROLE)


def is_clinical(roles: frozenset[Role]) -> bool:
    """Whether a practitioner must stand behind the account."""
    return not roles.isdisjoint(CLINICIANS)


def group_of(role: Role, role_of_group: Mapping[str, Role]) -> str:
    """The provider's group that gives this role: the first one that the configuration names."""
    for group, given in role_of_group.items():
        if given is role:
            return group
    raise Refused(f"No group of the sign-in service stands for the role {role.title}.")
