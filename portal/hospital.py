"""The hospital's own figures: its name, its zone, its rules. Pure; handed to rules as an argument."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def clock_in_words(clock: time) -> str:
    """`9:05am`, after the NHS content guide; midday and midnight in words."""
    if clock.minute == 0 and clock.hour in (0, 12):
        return "midnight" if clock.hour == 0 else "midday"
    minutes = f":{clock:%M}" if clock.minute else ""
    return f"{clock.hour % 12 or 12}{minutes}{'am' if clock.hour < 12 else 'pm'}"


@dataclass(frozen=True, slots=True)
class Hospital:
    """What the hospital decides for itself, within the portal's configuration."""

    name: str = "MediCare Hub"
    phone: str = ""
    zone: ZoneInfo = LONDON
    care_team_days_before: int = 90
    """A clinician's patients: an appointment with them or in their clinic no longer ago than this…"""
    care_team_days_after: int = 30
    """…or no further ahead than this."""
    slots_ahead_days: int = 56
    hold_minutes: int = 5
    booking_notice_minutes: int = 60
    """How long before its start patients may still take a slot; staff may until it begins."""
    appointments_ahead: int = 10
    """How many future appointments a patient may have before booking more is for staff."""
    reminder_hours: int = 48
    child_proxy_ends_at_age: int = 16
    account_code_days: int = 14
    searches_per_minute: int = 60
    """By one account, of the patients; enough for anybody at a desk, too few to copy the list."""
    document_megabytes: int = 25
    """The longest file that may be added."""
    documents_at_once: int = 10
    """How many files one form may bring."""
    documents_a_day: int = 100
    """How many files one account may send within a day."""
    rejected_file_days: int = 30
    """How long a rejected file is kept for the administrator."""
    staff_idle_minutes: int = 15
    """Staff share computers, so theirs is shorter than the patients'."""
    staff_session_hours: int = 12
    patient_idle_minutes: int = 30
    patient_session_hours: int = 8

    def local(self, instant: datetime) -> datetime:
        """The instant on the hospital's clocks."""
        return instant.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        return self.local(now).date()

    def instant(self, day: date, clock: time) -> datetime:
        """The UTC instant at which the hospital's clocks show `clock` on `day`.

        A time that does not exist (spring) is moved forward by the gap, one that exists twice
        (autumn) is its first occurrence: PEP 495 with fold=0.
        """
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def day(self, day: date) -> tuple[datetime, datetime]:
        """First instant of `day` and of the day after: 23, 24 or 25 hours apart."""
        return self.instant(day, time.min), self.instant(day + timedelta(days=1), time.min)
