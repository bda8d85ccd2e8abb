"""Arguments for actions on staff accounts: roles, and a practitioner."""

from typing import Any

from portal.access import Role
from portal.administration.staff.practitioners import PractitionerChoice

NOBODY = PractitionerChoice("", "", "Sian", "Davies", "", frozenset())


def to_roles(*roles: Role, choice: PractitionerChoice | None = None) -> dict[str, Any]:
    return {"roles": frozenset(roles), "practitioner": choice}
