"""The hospital's own settings: name, time zone, limits. Pure; rules take them as an argument."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MEGABYTE = 1_000_000
"""In bytes; decimal, as devices show sizes."""

FORM_BYTES = MEGABYTE
"""The largest request without files, in bytes."""

FIELDS_BYTES = 150_000
"""The most bytes of form fields beside files; they are held in memory."""

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Hospital:
    """The part of the configuration that the hospital decides."""

    name: str = "MediCare Hub"
    phone: str = ""
    emergency_number: str = "999"
    """The emergency telephone number of this country."""
    zone: ZoneInfo = LONDON
    region: str = "GB-ENG"
    """The country or region whose public holidays are suggested as closures (ISO 3166)."""
    locale: str = "en_GB"
    """The locale for dates, times, lists and the first day of the week (Unicode CLDR)."""
    care_team_days_before: int = 90
    """A patient belongs to a clinician by an appointment, with them or in their clinic, at most this many
    days ago…
    """
    care_team_days_after: int = 30
    """…or at most this many days ahead."""
    emergency_access_hours: int = 4
    """How long an emergency access lasts."""
    notes_signed_by_hour: int = 18
    """The hour from which authors are reminded of their unsigned notes of the day."""
    slots_ahead_days: int = 56
    hold_minutes: int = 5
    booking_notice_minutes: int = 60
    """How long before its start patients may book a slot; staff may until it begins."""
    appointments_ahead: int = 10
    """How many future appointments patients may book. Only staff can book more."""
    reminder_hours: int = 48
    child_proxy_ends_at_age: int = 16
    account_code_days: int = 14
    searches_per_minute: int = 60
    """Searches per account: enough for work at a desk, too few to copy the list of patients."""
    document_megabytes: int = 25
    """The largest file that may be added."""
    documents_at_once: int = 10
    """How many files one form may have."""
    documents_a_day: int = 100
    """How many files one account may send within a day."""
    upload_megabytes_a_day: int = 50_000
    """How much all accounts together may send within a day."""
    rejected_file_days: int = 30
    """How long a rejected file is kept for the administrator."""
    staff_idle_minutes: int = 15
    """Shorter than for patients, because staff share computers."""
    staff_session_hours: int = 12
    patient_idle_minutes: int = 30
    patient_session_hours: int = 8

    @property
    def document_bytes(self) -> int:
        return self.document_megabytes * MEGABYTE

    @property
    def upload_bytes(self) -> int:
        """The largest request with files, in bytes: the most files of one form, plus its fields."""
        return (self.document_bytes + FIELDS_BYTES) * (self.documents_at_once + 1)

    def local(self, instant: datetime) -> datetime:
        """`instant` in the hospital's local time."""
        return instant.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        return self.local(now).date()

    def instant(self, day: date, clock: time) -> datetime:
        """The UTC instant of the local time `clock` on `day`.

        A time that does not exist (spring) moves forward by the gap; for a time that occurs twice (autumn) it
        is the first: PEP 495 with fold=0.
        """
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def day(self, day: date) -> tuple[datetime, datetime]:
        """The first UTC instants of `day` and of the next day: 23, 24 or 25 hours apart."""
        return self.instant(day, time.min), self.instant(day + timedelta(days=1), time.min)
