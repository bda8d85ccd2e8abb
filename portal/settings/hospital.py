"""The hospital's own figures: its name, its zone, its rules. Pure; passed to rules as an argument."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MEGABYTE = 1_000_000
"""In bytes, as devices count today."""

FORM_BYTES = MEGABYTE
"""The longest request without files."""

FIELDS_BYTES = 150_000
"""The most bytes of a form beside its files, which are held in memory."""

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Hospital:
    """The hospital's own decisions within the portal's configuration."""

    name: str = "MediCare Hub"
    phone: str = ""
    emergency_number: str = "999"
    """What people dial in an emergency, in this country."""
    zone: ZoneInfo = LONDON
    region: str = "GB-ENG"
    """The country or region whose public holidays are suggested as closures (ISO 3166)."""
    locale: str = "en_GB"
    """How dates, times and lists are written, and on which day the week begins (Unicode CLDR)."""
    care_team_days_before: int = 90
    """Somebody is a clinician's patient with an appointment, with them or in their clinic, at most
    so many days ago…
    """
    care_team_days_after: int = 30
    """…or at most so many days ahead."""
    emergency_access_hours: int = 4
    """How long a record stays open that was opened in an emergency."""
    notes_signed_by_hour: int = 18
    """From this hour on, authors are told on the same day what they have not signed."""
    slots_ahead_days: int = 56
    hold_minutes: int = 5
    booking_notice_minutes: int = 60
    """How long before its start patients may book a slot; staff may until it begins."""
    appointments_ahead: int = 10
    """How many future appointments a patient may have. Beyond that, only staff can book."""
    reminder_hours: int = 48
    child_proxy_ends_at_age: int = 16
    account_code_days: int = 14
    searches_per_minute: int = 60
    """Searches by one account: enough for work at a desk, too few for copying the list."""
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
    """Staff share computers, so their limit is shorter than the patients'."""
    staff_session_hours: int = 12
    patient_idle_minutes: int = 30
    patient_session_hours: int = 8

    @property
    def document_bytes(self) -> int:
        return self.document_megabytes * MEGABYTE

    @property
    def upload_bytes(self) -> int:
        """The longest request with files: as many as one form may have, and what stands around them."""
        return (self.document_bytes + FIELDS_BYTES) * (self.documents_at_once + 1)

    def local(self, instant: datetime) -> datetime:
        """The instant in the hospital's local time."""
        return instant.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        return self.local(now).date()

    def instant(self, day: date, clock: time) -> datetime:
        """The UTC instant at which the hospital's clocks show `clock` on `day`.

        A time that does not exist (spring) moves forward by the gap; of one that exists twice
        (autumn) it is the first: PEP 495 with fold=0.
        """
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def day(self, day: date) -> tuple[datetime, datetime]:
        """The first instant of `day` and of the day after: 23, 24 or 25 hours apart."""
        return self.instant(day, time.min), self.instant(day + timedelta(days=1), time.min)
