"""The external directory of staff accounts, and its names for the roles."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.access import Role
from portal.administration.staff.user_pool import UserPool
from portal.errors import Refused

KEPT_ELSEWHERE = (
    "Accounts are kept by the hospital's own sign-in service. Change them there;"
    " the portal follows at the next sign-in."
)


@dataclass(frozen=True, slots=True)
class Directory:
    """The provider where staff sign in. `pool` is None when the portal can't manage accounts there."""

    pool: UserPool | None
    issuer: str
    role_of_group: Mapping[str, Role]

    def require_pool(self) -> UserPool:
        if self.pool is None:
            raise Refused(KEPT_ELSEWHERE)
        return self.pool
