"""Who is signed in, and for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.access import STAFF, Actor, Role
from portal.settings.hospital import Hospital

ID_TOKEN_LENGTH = 4000


@dataclass
class SignedIn:
    """Flask-Login's current user: the token of a session, and its actor."""

    token: str
    actor: Actor
    ends_at: datetime
    """When the session ends if there is no further activity."""
    expires_at: datetime
    """When it ends despite activity."""
    needs_second_step: bool = False
    """Only the page for setting up a second step opens."""

    # Flask-Login requires these.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

    @property
    def is_final(self) -> bool:
        """Whether activity can no longer prolong it."""
        return self.ends_at == self.expires_at


def limits(roles: frozenset[Role], hospital: Hospital) -> tuple[timedelta, timedelta]:
    """The idle and the absolute limit of a session."""
    if roles & STAFF:
        minutes, hours = hospital.staff_idle_minutes, hospital.staff_session_hours
    else:
        minutes, hours = hospital.patient_idle_minutes, hospital.patient_session_hours
    return timedelta(minutes=minutes), timedelta(hours=hours)
