"""An appointment as an iCalendar object (RFC 5545), for the patient's own calendar.

Calendars are shared with families and employers, so the entry has the time and place, but not the reason or
the practitioner. Times have the hospital's zone with its VTIMEZONE, so they stay right when the clocks change
and in other time zones.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress

from portal.appointments.appointment_list.queries import AppointmentDetails
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, Mode

PRODUCT = "-//MediCare Hub//Appointments//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


@dataclass(frozen=True, slots=True)
class Publisher:
    """The hospital, and the From header of its messages."""

    hospital: Hospital
    mail_from: str


def calendar_of(appointment: AppointmentDetails, publisher: Publisher, *, address: str) -> bytes:
    """The object as UTF-8 bytes. `address` is the URL of the appointment's page.

    UID stays the same when the appointment is moved or cancelled, and SEQUENCE grows, so a calendar
    that reads the file again replaces its entry.
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    hospital = publisher.hospital
    calendar.add_component(_zone(hospital.zone, hospital.local(appointment.starts_at).year))
    calendar.add_component(_event(appointment, publisher, address))
    return bytes(calendar.to_ical())


def _event(appointment: AppointmentDetails, publisher: Publisher, address: str) -> Event:
    hospital = publisher.hospital
    cancelled = appointment.status is AppointmentStatus.CANCELLED
    event = Event()
    event.add("UID", f"appointment-{appointment.ref}")
    event.add("ORGANIZER", _organizer(publisher))
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


def _organizer(publisher: Publisher) -> vCalAddress:
    """The organizer, which RFC 5546 (section 3.2.1) requires."""
    organizer = vCalAddress(f"mailto:{parseaddr(publisher.mail_from)[1]}")
    organizer.params["CN"] = publisher.hospital.name
    return organizer


def _when(instant: datetime, hospital: Hospital) -> datetime:
    """The time in the hospital's zone; in UTC for the second pass of the hour that is repeated in autumn."""
    local = hospital.local(instant)
    return instant if local.fold else local


def _description(hospital: Hospital, address: str) -> str:
    call = f" Call us on {hospital.phone}." if hospital.phone else ""
    return f"See, move or cancel it in the portal: {address}{call}"


@cache
def _zone(zone: ZoneInfo, year: int) -> Timezone:
    """The zone's rules for one year. A VTIMEZONE for all years would be long and slow to make."""
    rules = Timezone.from_tzinfo(
        zone, zone.key, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1)
    )
    for observance in rules.subcomponents:
        _put_onset_right(observance)
    return rules


def _put_onset_right(observance: Any) -> None:
    """RFC 5545 wants the onset as local time before the change; icalendar 7.3 skips the missing hour."""
    gap = observance.TZOFFSETTO - observance.TZOFFSETFROM
    if gap <= timedelta():
        return
    observance.DTSTART -= gap
    if "RDATE" in observance:
        onsets = [listed.dt - gap for listed in observance.pop("RDATE").dts]
        observance.add("RDATE", onsets)
