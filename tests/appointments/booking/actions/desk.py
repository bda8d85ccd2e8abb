"""Somebody who acts for one patient, and the database after that."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.appointments.booking import actions
from portal.models import Account, Appointment, Notice, Slot
from portal.settings.hospital import Hospital
from portal.vocabulary import SlotStatus
from tests.builders import NOW, a_practitioner, a_slot, actor_of, context_for, seen
from tests.builders.morning import Clinic

HOSPITAL = Hospital()
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Desk:
    """Acts for one patient, by default as that patient."""

    def __init__(self, session: Session, clinic: Clinic, by: Account | None = None) -> None:
        self.session = session
        self.clinic = clinic
        self.by: Actor = actor_of(by or clinic.account)
        self.patient_ref = clinic.patient.ref
        self.now: datetime = NOW

    def _do(self, action: Any, **arguments: Any) -> Any:
        context = context_for(self.session, self.by, self.now)
        return action(context, patient_ref=self.patient_ref, **arguments)

    def hold(self, slot: Slot) -> None:
        self._do(actions.hold, slot_ref=slot.ref)

    def book(self, slot: Slot, about: str = "") -> Appointment:
        ref = self._do(actions.book, slot=seen(slot), about=about)
        return self.session.scalars(select(Appointment).where(Appointment.ref == ref)).one()

    def overbook(self, slot: Slot) -> Appointment:
        ref = self._do(actions.overbook, slot=seen(slot), why="Cannot wait")
        return self.session.scalars(select(Appointment).where(Appointment.ref == ref)).one()

    def move(self, appointment: Appointment, slot: Slot) -> None:
        self._do(actions.move, appointment=seen(appointment), slot=seen(slot))
        self.session.expire_all()

    def cancel(self, appointment: Appointment) -> None:
        self._do(actions.cancel, appointment=seen(appointment), why="No longer needed")
        self.session.expire_all()


def status_of(session: Session, slot: Slot) -> SlotStatus:
    session.refresh(slot)
    return slot.status


def notices(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(select(Notice.occasion, Notice.sequence).order_by(Notice.id))
    return [(row.occasion.value, row.sequence) for row in rows]


def a_slot_at(session: Session, clinic: Clinic, start: datetime, minutes: int = 20) -> Slot:
    """With another practitioner, so that it may be at any time."""
    other = a_practitioner(session, [clinic.location])
    ends_at = start + minutes * MINUTE
    return a_slot(session, other, clinic.location, starts_at=start, ends_at=ends_at)
