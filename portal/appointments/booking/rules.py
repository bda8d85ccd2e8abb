"""The hospital's rules for booking, moving and cancelling. Pure."""

from datetime import date, datetime, timedelta

from portal.access import Actor
from portal.appointments.rules import is_self_service
from portal.errors import Refused
from portal.settings.hospital import Hospital

UNLIMITED = 1_000_000


def earliest_start(by: Actor, hospital: Hospital, now: datetime) -> datetime:
    """The earliest start of a slot that `by` may book now."""
    notice = hospital.booking_notice_minutes if is_self_service(by) else 0
    return now + timedelta(minutes=notice)


def most_ahead(by: Actor, hospital: Hospital) -> int:
    """How many future appointments the patient may have, this booking by `by` included."""
    return hospital.appointments_ahead if is_self_service(by) else UNLIMITED


def hold_until(hospital: Hospital, now: datetime) -> datetime:
    return now + timedelta(minutes=hospital.hold_minutes)


def require_alive(deceased_on: date | None) -> None:
    if deceased_on is not None:
        raise Refused("This person has died, so no appointment can be booked.")


def require_not_begun(starts_at: datetime, now: datetime) -> None:
    """Only future appointments can be moved."""
    if starts_at <= now:
        raise Refused("This appointment has begun already, so it can't be moved. Book a new one.")


def may_cancel(by: Actor, starts_at: datetime, now: datetime) -> bool:
    """Patients can cancel only before the start; staff also later."""
    return starts_at > now or not is_self_service(by)


def require_cancellable(by: Actor, starts_at: datetime, now: datetime) -> None:
    if not may_cancel(by, starts_at, now):
        raise Refused("This appointment has begun already, so it can't be cancelled.")
