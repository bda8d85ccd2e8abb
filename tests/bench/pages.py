"""The pages that are measured: the requests for each, and how what they changed is taken back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

from sqlalchemy import Row

from portal.access import SYSTEM
from portal.web.sealing import seal
from tests.bench.audience import MOST, Audience
from tests.bench.client import Request
from tests.bench.measured import Hospital

READING, CHANGING = 10, 12
"""The aims: how many times a bare page's processor time a page may take."""

_FREE_SLOTS = """
SELECT ref, starts_at FROM slot
WHERE status = 'free' AND starts_at > UTC_TIMESTAMP() + INTERVAL 1 DAY
ORDER BY MD5(ref) LIMIT :most
"""
_TAKE_BACK = [
    """
    DELETE notice FROM notice JOIN appointment ON appointment.id = notice.appointment_id
    WHERE appointment.id > :last
    """,
    """
    UPDATE slot JOIN appointment ON appointment.slot_id = slot.id SET slot.status = 'free'
    WHERE appointment.id > :last
    """,
    "DELETE FROM appointment WHERE id > :last",
]


def _nothing(_: Hospital) -> None:
    """For pages that change nothing that later requests would meet."""


def _take_back_bookings(hospital: Hospital) -> None:
    hospital.execute(*_TAKE_BACK, last=hospital.size.appointments)


@dataclass(frozen=True)
class Page:
    """`requests` come without end for a page that is read, at most `MOST` for one that changes.

    All of them are made before the first is sent, so that no query of the bench counts as the portal's.
    """

    name: str
    requests: Callable[[Audience], Iterator[Request]]
    aim: int = READING
    take_back: Callable[[Hospital], None] = _nothing


def search(audience: Audience) -> Iterator[Request]:
    """What is typed at a desk: names, dates, numbers, and a name that a thousand others have."""
    requests = []
    with audience.hospital.app.test_request_context():
        for number, patient in enumerate(audience.patients()):
            typed = (
                f"{patient.given.split()[0]} {patient.family}",
                f"{patient.family} {patient.birth_date:%d/%m/%Y}",
                patient.hospital_number,
                patient.phone,
                "smith",
            )[number % 5]
            desk = audience.desks[number % len(audience.desks)]
            sealed = seal(typed, by=replace(SYSTEM, ref=desk.ref))
            browser = audience.browsers[desk.id]
            requests.append(browser.get(f"/patients?search={sealed}", 'id="results"'))
    return cycle(requests)


def day_list(audience: Audience) -> Iterator[Request]:
    return cycle(
        [
            audience.browsers[clinic.account_id].get(
                f"/clinics/{clinic.ref}/day", 'class="mch-day"'
            )
            for clinic in audience.clinics
        ]
    )


def free_slots(audience: Audience) -> Iterator[Request]:
    return cycle(
        [
            audience.browsers[patient.account_id].get(
                f"/patients/{patient.ref}/appointments/find?clinic={patient.location_ref}",
                'class="mch-time"',
            )
            for patient in audience.patients()
        ]
    )


def home(audience: Audience) -> Iterator[Request]:
    return cycle(
        [
            audience.browsers[patient.account_id].get(f"/patients/{patient.ref}", "Next:")
            for patient in audience.patients()
        ]
    )


def booking(audience: Audience) -> Iterator[Request]:
    return iter(
        [
            audience.browsers[patient.account_id].post(
                f"/patients/{patient.ref}/appointments/book/{slot.ref}",
                {"about": "A cough", "version": "1"},
            )
            for patient, slot in _pairs(audience)
        ]
    )


def moving(audience: Audience) -> Iterator[Request]:
    return iter(
        [
            audience.browsers[patient.account_id].post(
                f"/patients/{patient.ref}/appointments/{patient.appointment_ref}/move/{slot.ref}",
                {"version": f"{patient.version} 1"},
            )
            for patient, slot in _pairs(audience)
        ]
    )


def _pairs(audience: Audience) -> Iterator[tuple[Row[Any], Row[Any]]]:
    """Each patient with a free slot that is not at the time of the appointment that they have."""
    slots = list(audience.hospital.rows(_FREE_SLOTS, most=2 * MOST))
    for patient in audience.patients():
        places = (n for n, slot in enumerate(slots) if slot.starts_at != patient.starts_at)
        place = next(places, None)
        if place is None:
            return
        yield patient, slots.pop(place)


PAGES = (
    Page("Patient search", search),
    Page("Day list", day_list),
    Page("Free slots", free_slots),
    Page("Patient's home", home),
    Page("Booking", booking, CHANGING, _take_back_bookings),
    Page("Moving", moving, CHANGING),
)
