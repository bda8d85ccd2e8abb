"""Holding a result, ending a hold, recording a talk about it, and the patient's own choice."""

from datetime import date, time
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.access import Deed
from portal.context import Context
from portal.errors import ChangedMeanwhile, NotFound, Refused, Unfit
from portal.models import ObservationPanel, Patient, ResultHold, ResultWait, new_ref
from portal.models.base import table_of
from portal.models.rows import changed
from portal.reach.lookup import Subject
from portal.records.releasing import queries, rules
from portal.seen import Seen
from portal.vocabulary import ObservationCategory

_panel, _patient = table_of(ObservationPanel), table_of(Patient)
_hold, _wait = table_of(ResultHold), table_of(ResultWait)

HELD_ALREADY = "This result is held already. End that first, if it should be held differently."
IN_ERROR = "This result was entered in error, so there is nothing to hold."


class Hold(NamedTuple):
    reason: str
    until: date | None
    """The first day on which the patient sees it."""


def hold(context: Context, *, patient_ref: str, result: Seen, hold: Hold) -> None:
    """Holds a result back from the patient until a day.

    Raises `ChangedMeanwhile` when the result was corrected since it was shown.
    """
    subject = context.find_patient(Deed.HOLD_RESULT, patient_ref)
    place(context, subject, (_locked(context, subject, result), result.ref), hold)


def _locked(context: Context, subject: Subject, result: Seen) -> int:
    """Locks the report, so that nobody corrects it in the meantime; returns its key."""
    found = context.session.execute(
        select(_panel.c.id, _panel.c.version, _panel.c.error_at)
        .where(
            _panel.c.ref == result.ref,
            _panel.c.patient_id == subject.id,
            _panel.c.category == ObservationCategory.LABORATORY,
        )
        .with_for_update()
    ).one_or_none()
    if found is None or not queries.sees_all(context, subject):
        raise NotFound
    result.require(found.version)
    if found.error_at is not None:
        raise Refused(IN_ERROR)
    return int(found.id)


def place(context: Context, subject: Subject, panel: tuple[int, str], hold: Hold) -> None:
    """As `hold`, for a report that the caller has just added or locked."""
    panel_id, panel_ref = panel
    try:
        until = rules.check_end(hold.until, context.today)
    except ValueError as fault:
        raise Unfit("hold_until", str(fault)) from None
    if not hold.reason:
        raise Unfit("hold_reason", rules.MISSING_REASON)
    over = update(_hold).where(_hold.c.live == panel_id, _hold.c.ends_at <= context.now)
    context.session.execute(over.values(ended_at=_hold.c.ends_at))
    row = {
        "ref": new_ref(),
        "patient_id": subject.id,
        "panel_id": panel_id,
        "reason": hold.reason,
        "held_at": context.now,
        "held_by": context.by.ref,
        "held_by_name": context.by.name,
        "ends_at": context.hospital.instant(until, time.min),
    }
    try:
        with context.session.begin_nested():
            context.session.execute(insert(_hold), row)
    except IntegrityError:
        raise Refused(HELD_ALREADY) from None
    of = ObservationPanel.reference(panel_ref)
    context.remember(Deed.HOLD_RESULT, of=of, patient=subject.ref, until=until.isoformat())


def end_hold(context: Context, *, patient_ref: str, hold: Seen) -> None:
    """Ends a hold early, so that the patient sees the result; raises `ChangedMeanwhile`."""
    subject = context.find_patient(Deed.HOLD_RESULT, patient_ref)
    held = queries.held(context, subject, hold.ref)
    ended = update(_hold).where(
        _hold.c.ref == hold.ref, _hold.c.version == hold.version, _hold.c.ended_at.is_(None)
    )
    who = {
        "ended_at": context.now,
        "ended_by_name": context.by.name,
        "version": _hold.c.version + 1,
    }
    if changed(context.session, ended.values(who)) == 0:
        raise ChangedMeanwhile
    of = ObservationPanel.reference(held.panel_ref)
    context.remember(Deed.HOLD_RESULT, of=of, patient=subject.ref, ended=True)


def note_talk(context: Context, *, patient_ref: str, result: Seen) -> None:
    """Records a talk with the patient about a result; they see it from now on."""
    subject = context.find_patient(Deed.HOLD_RESULT, patient_ref)
    panel_id = _locked(context, subject, result)
    first = update(_panel).where(_panel.c.id == panel_id, _panel.c.discussed_at.is_(None))
    who = {"discussed_at": context.now, "discussed_by_name": context.by.name}
    if changed(context.session, first.values(who)):
        of = ObservationPanel.reference(result.ref)
        context.remember(Deed.HOLD_RESULT, of=of, patient=subject.ref, discussed=True)


def choose(context: Context, *, patient: Seen, after_talk: bool) -> None:
    """Stores the patient's choice. Results that they could see before stay visible.

    Raises `ChangedMeanwhile` when the choice was changed since it was shown.
    """
    subject = context.find_patient(Deed.CHOOSE_RESULTS, patient.ref)
    context.session.execute(
        select(_patient.c.id).where(_patient.c.id == subject.id).with_for_update()
    )
    now = queries.choice(context, subject)
    patient.require(now.version)
    if now.after_talk == after_talk:
        return
    by_name = context.by.name
    if after_talk:
        row = {
            "ref": new_ref(),
            "patient_id": subject.id,
            "chosen_at": context.now,
            "chosen_by_name": by_name,
        }
        context.session.execute(insert(_wait), row)
    else:
        ended = update(_wait).where(_wait.c.patient_id == subject.id, _wait.c.ended_at.is_(None))
        context.session.execute(ended.values(ended_at=context.now, ended_by_name=by_name))
    context.remember(
        Deed.CHOOSE_RESULTS, of=subject.reference, patient=subject.ref, after_talk=after_talk
    )
