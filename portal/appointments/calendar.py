"""An appointment as an iCalendar object (RFC 5545), for the patient's own calendar.

Calendars are shared with families and employers, so it says when and where, and nothing of why or with
whom: the portal's page, behind sign-in, tells the rest. Times carry the hospital's zone with its
VTIMEZONE, so they stay right over a change of the clocks and in a calendar far away.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone
from sqlalchemy import Row

from portal.hospital import Hospital
from portal.models import AppointmentStatus, Mode

PRODUCT = "-//MediCare Hub//Appointments//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


def calendar_of(appointment: Row[Any], *, hospital: Hospital, address: str) -> bytes:
    """The object as UTF-8. `address` is the appointment's page in the portal.

    UID stays the same through moves and cancellation, and SEQUENCE grows, so a calendar that
    takes the file again replaces what it has.
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add_component(_zone(hospital.zone, hospital.local(appointment.starts_at).year))
    calendar.add_component(_event(appointment, hospital, address))
    return bytes(calendar.to_ical())


def _event(appointment: Row[Any], hospital: Hospital, address: str) -> Event:
    cancelled = appointment.status is AppointmentStatus.CANCELLED
    event = Event()
    event.add("UID", f"appointment-{appointment.ref}")
    event.add("SEQUENCE", appointment.sequence)
    event.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("DTSTAMP", appointment.updated_at)
    event.add("DTSTART", _when(appointment.starts_at, hospital))
    event.add("DTEND", _when(appointment.ends_at, hospital))
    event.add("SUMMARY", f"{appointment.mode.title} appointment, {hospital.name}")
    if appointment.mode is Mode.IN_PERSON and appointment.address:
        event.add("LOCATION", appointment.address)
    event.add("DESCRIPTION", _description(hospital, address))
    event.add("URL", address)
    event.add("CLASS", "PRIVATE")
    return event


def _when(instant: datetime, hospital: Hospital) -> datetime:
    """On the hospital's clocks; in the hour that they show twice, the second one only has UTC."""
    local = hospital.local(instant)
    return instant if local.fold else local


def _description(hospital: Hospital, address: str) -> str:
    call = f" Call us on {hospital.phone}." if hospital.phone else ""
    return f"See, move or cancel it in the portal: {address}{call}"


@cache
def _zone(zone: ZoneInfo, year: int) -> Timezone:
    """The zone's rules around a year; a VTIMEZONE of all years would be long and slow to make."""
    rules = Timezone.from_tzinfo(
        zone, zone.key, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1)
    )
    for observance in rules.subcomponents:
        _put_onset_right(observance)
    return rules


def _put_onset_right(observance: Any) -> None:
    """RFC 5545 gives an onset on the clocks of before it; icalendar 7.3 skips the missing hour."""
    gap = observance.TZOFFSETTO - observance.TZOFFSETFROM
    if gap <= timedelta():
        return
    observance.DTSTART -= gap
    if "RDATE" in observance:
        onsets = [listed.dt - gap for listed in observance.pop("RDATE").dts]
        observance.add("RDATE", onsets)
