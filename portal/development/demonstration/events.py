"""What goes wrong in a week: leave in a booked week, one patient too many, lost mail."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.appointments.booking.actions import overbook
from portal.context import Context
from portal.development.cognito.people import PRIYA_RAMAN
from portal.development.demonstration.actors import Actors
from portal.models import Appointment, Notice, Patient, Practitioner, Slot, new_ref
from portal.models.base import table_of
from portal.schedules.absences.actions import AbsenceFacts, add_leave
from portal.schedules.slots.taking_out import Unconfirmed
from portal.seen import Seen
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, NoticeState, Occasion, SlotStatus

AWAY = ("Mateus", "Carvalho")
AWAY_FROM, AWAY_DAYS = timedelta(days=6), timedelta(days=6)
"""A week has each of the sessions at least once."""
SOON = timedelta(minutes=20)

_INSERT_NOTICE = insert(table_of(Notice))


def give_leave(session: Session, actors: Actors, hospital: Hospital, now: datetime) -> None:
    """A doctor is away next week, so their patients must be rebooked."""
    ref = session.scalars(
        select(Practitioner.ref).where(
            Practitioner.given == AWAY[0], Practitioner.family == AWAY[1]
        )
    ).one()
    first = hospital.today(now) + AWAY_FROM
    facts = AbsenceFacts(first, first + AWAY_DAYS, None, None, "Annual leave")
    context = Context(session, actors.administrator, hospital, now)
    try:
        with session.begin_nested():
            add_leave(context, practitioner_ref=ref, facts=facts, confirmed=None)
    except Unconfirmed as asked:
        confirmed = asked.effect.fingerprint
        add_leave(context, practitioner_ref=ref, facts=facts, confirmed=confirmed)


def overbook_soon(
    session: Session, random: Random, actors: Actors, hospital: Hospital, now: datetime
) -> None:
    """Overbooks the doctor's next time that begins in a while."""
    slot = session.scalars(
        select(Slot)
        .join(Slot.practitioner)
        .where(
            Practitioner.given == PRIYA_RAMAN.given_name,
            Practitioner.family == PRIYA_RAMAN.family_name,
            Slot.status == SlotStatus.BUSY,
            Slot.starts_at > now + SOON,
        )
        .order_by(Slot.starts_at)
    ).first()
    if slot is None:
        return
    first, after = hospital.day(hospital.local(slot.starts_at).date())
    busy_that_day = select(Appointment.patient_id).where(
        Appointment.starts_at >= first, Appointment.starts_at < after
    )
    grown_up = hospital.today(now).replace(year=hospital.today(now).year - 20, day=1)
    refs = session.scalars(
        select(Patient.ref)
        .where(Patient.id.not_in(busy_that_day), Patient.birth_date < grown_up)
        .order_by(Patient.id)
    ).all()
    overbook(
        Context(session, actors.reception, hospital, now),
        patient_ref=random.choice(refs),
        slot=Seen(slot.ref, slot.version),
        why="Needs to be seen this week, agreed with Dr Raman",
    )


def write_notices(session: Session, hospital: Hospital, now: datetime) -> None:
    """For bookings that have none yet: a confirmation, a reminder, and one that was lost."""
    rows = session.execute(
        select(Appointment.id, Appointment.starts_at, Appointment.created_at, Patient.email)
        .join(Appointment.patient)
        .where(
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > now,
            Appointment.id.not_in(select(Notice.appointment_id)),
        )
        .order_by(Appointment.starts_at)
    ).all()
    ahead = timedelta(hours=hospital.reminder_hours)
    notices = [
        _notice(row.id, occasion, due_at, reached=row.email is not None, now=now)
        for row in rows
        for occasion, due_at in (
            (Occasion.BOOKED, row.created_at),
            (Occasion.REMINDER, row.starts_at - ahead),
        )
    ]
    if notices:
        session.execute(_INSERT_NOTICE, notices)


def lose_one(session: Session) -> None:
    """A mailbox refused one, so that the administrator has something to send again."""
    lost = session.scalars(
        select(Notice.id)
        .where(Notice.occasion == Occasion.BOOKED, Notice.state == NoticeState.SENT)
        .order_by(Notice.due_at.desc())
    ).first()
    session.execute(
        update(Notice)
        .where(Notice.id == lost)
        .values(
            state=NoticeState.FAILED,
            sent_at=None,
            attempts=6,
            last_error="The mail service asked us to try again later.",
        )
    )


def _notice(
    appointment_id: int,
    occasion: Occasion,
    due_at: datetime,
    *,
    reached: bool,
    now: datetime,
) -> dict[str, object]:
    past = due_at <= now
    told = NoticeState.SENT if reached else NoticeState.DROPPED
    return {
        "ref": new_ref(),
        "appointment_id": appointment_id,
        "occasion": occasion,
        "sequence": 0,
        "state": told if past else NoticeState.WAITING,
        "due_at": due_at,
        "attempts": 1 if past else 0,
        "last_error": None if reached or not past else "Nobody to send it to",
        "created_at": min(now, due_at),
        "sent_at": due_at if past and reached else None,
    }
