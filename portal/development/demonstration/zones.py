"""Which time zone the demonstration hospital is in, so that its clinics are at work now."""

from datetime import datetime
from zoneinfo import ZoneInfo

HOME = "Europe/London"
ZONES = (
    *(HOME, "Europe/Athens", "America/New_York", "America/Los_Angeles"),
    *("Pacific/Auckland", "Asia/Tokyo", "Asia/Kolkata"),
)
"""In one of them it is always between 9 and 15 o'clock."""


def zone_at_work(now: datetime) -> str:
    """The home zone by day; otherwise one where people are at work now."""
    return next((zone for zone in ZONES if 9 <= now.astimezone(ZoneInfo(zone)).hour < 15), HOME)


def sentence(zone: str, now: datetime, closes: int) -> str:
    """The hospital's local time, with a note for visitors."""
    there = now.astimezone(ZoneInfo(zone))
    said = f"{there:%H:%M} (clock of {zone})"
    if 8 <= there.hour < closes:
        return said
    return f"{said}. Clinics are closed; start it by day to see one at work"
