"""Who may be given which role, and what an administrator can't do to themselves. Pure."""

from collections.abc import Mapping

from portal.access import CLINICIANS, STAFF, Actor, Role
from portal.errors import Refused, Unfit

OWN_ACCOUNT = "You can't disable your own account. Another administrator can."
OWN_ROLE = "You can't give up being an administrator yourself. Another administrator can do it."


def require_other(by: Actor, account_ref: str) -> None:
    """People can't disable themselves: there might be no administrator left to undo it."""
    if by.ref == account_ref:
        raise Refused(OWN_ACCOUNT)


def require_roles(by: Actor, account_ref: str | None, roles: frozenset[Role]) -> None:
    """Requires at least one staff role; administrators can't remove their own administrator role."""
    if not roles or not roles <= STAFF:
        raise Unfit("roles", "Choose at least one role")
    if by.ref == account_ref and Role.ADMINISTRATOR not in roles:
        raise Unfit("roles", OWN_ROLE)


def is_clinical(roles: frozenset[Role]) -> bool:
    """Whether the account needs a practitioner."""
    return not roles.isdisjoint(CLINICIANS)


def group_of(role: Role, role_of_group: Mapping[str, Role]) -> str:
    """The provider's group for this role: the first one in the configuration."""
    for group, given in role_of_group.items():
        if given is role:
            return group
    raise Refused(f"No group of the sign-in service stands for the role {role.title}.")


TITLES = frozenset(
    {"dr", "dra", "prof", "professor", "sir", "dame", "mr", "mrs", "ms", "miss", "mx", "sr", "sra"}
)


def parts_of(name: str) -> tuple[str, str, str]:
    """A suggested title, first name and family name, as in `Dr Grace Lindqvist`."""
    title: list[str] = []
    parts = name.split()
    while len(parts) > 1 and parts[0].rstrip(".").lower() in TITLES:
        title.append(parts.pop(0))
    *given, family = parts or [""]
    return " ".join(title), " ".join(given), family
