"""Many people at once, each in their own browser, on a portal that gunicorn serves."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from threading import Barrier

import requests
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Account, Appointment, Patient, Slot
from portal.vocabulary import AppointmentStatus
from tests.builders import a_location, a_patient, a_practitioner, a_slot, an_account_of, signed_in
from tests.eventually import eventually

SECONDS = 60
FIELD = re.compile(r'<input type="hidden"[^>]*\bname="(\w+)"[^>]*\bvalue="([^"]*)"')
FIELD_OTHERWISE = re.compile(r'<input id="\w+" name="(\w+)" type="hidden" value="([^"]*)"')
OFFER = re.compile(r'formaction="[^"]*/hold/([0-9a-f]{20})"[^>]*value="([0-9a-f]{32})"')


@dataclass
class Wanted:
    """A slot tomorrow that everybody wants, and the free ones after it."""

    slot: Slot
    others: list[Slot]


@dataclass
class Visitor:
    """A patient in a browser, signed in."""

    patient_ref: str
    browser: requests.Session
    address: str

    def appointments(self, rest: str) -> str:
        return f"{self.address}/patients/{self.patient_ref}/appointments{rest}"

    def fields_of(self, page: str) -> dict[str, str]:
        """What the page's form carries hidden: its token, and its submission key if it has one."""
        answer = _patiently(lambda: self.browser.get(self.appointments(page), timeout=SECONDS))
        assert answer.status_code == 200, answer.status_code
        hidden = FIELD.findall(answer.text) + FIELD_OTHERWISE.findall(answer.text)
        return {name: unescape(value) for name, value in hidden}

    def send(self, page: str, fields: dict[str, str]) -> requests.Response:
        return _patiently(
            lambda: self.browser.post(
                self.appointments(page), data=fields, timeout=SECONDS, allow_redirects=False
            )
        )


def _patiently(ask: Callable[[], requests.Response]) -> requests.Response:
    """The answer, asked for again while the portal says that it is busy, as its waiting page does."""
    answers = [ask()]

    def answered() -> bool:
        if answers[-1].status_code == 503:
            answers.append(ask())
        return answers[-1].status_code != 503

    assert eventually(answered), "The portal stayed busy."
    return answers[-1]


def a_wanted_slot(session: Session) -> Wanted:
    location = a_location(session)
    practitioner = a_practitioner(session, [location])
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    slots = [
        a_slot(session, practitioner, location, starts_at=start + timedelta(minutes=20 * number))
        for number in range(6)
    ]
    session.commit()
    return Wanted(slots[0], slots[1:])


def a_crowd(session: Session, app: Flask, address: str, number: int) -> list[Visitor]:
    """So many patients, each with an account and a session."""
    crowd = []
    for _ in range(number):
        patient = a_patient(session)
        crowd.append(a_visitor(session, app, address, patient, an_account_of(session, patient)))
    session.commit()
    return crowd


def a_visitor(
    session: Session, app: Flask, address: str, patient: Patient, account: Account
) -> Visitor:
    user = signed_in(session, account)
    cookie = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    browser = requests.Session()
    signed = cookie.dumps({"_user_id": user.get_id(), "_fresh": True})
    browser.cookies.set("portal", signed, domain="127.0.0.1", path="/")
    return Visitor(patient.ref, browser, address)


def all_at_once(
    crowd: Sequence[Visitor], page: str, fields: Sequence[dict[str, str]]
) -> list[requests.Response]:
    """Everybody sends their form to `page` at the same moment."""
    start = Barrier(len(crowd))

    def send(visitor: Visitor, filled: dict[str, str]) -> requests.Response:
        start.wait(SECONDS)
        return visitor.send(page, filled)

    with ThreadPoolExecutor(len(crowd)) as threads:
        return list(threads.map(send, crowd, fields))


def forms_of(crowd: Sequence[Visitor], page: str) -> list[dict[str, str]]:
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(lambda visitor: visitor.fields_of(page), crowd))


def offered(answer: requests.Response) -> set[str]:
    """The references of the slots that the answer lets somebody take instead."""
    return {ref for ref, _ in OFFER.findall(answer.text)}


def bookings(session: Session, slot: Slot) -> int:
    """How many patients have the slot, as the database says."""
    session.rollback()
    return (
        session.scalar(
            select(func.count())
            .select_from(Appointment)
            .where(
                Appointment.slot_id == slot.id, Appointment.status != AppointmentStatus.CANCELLED
            )
        )
        or 0
    )
