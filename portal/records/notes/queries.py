"""Notes about a patient: signed ones, and the reader's own drafts."""

import operator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, bindparam, func, or_, select

from portal.context import Context
from portal.models import Encounter, Location, Note, Patient, Practitioner
from portal.models.base import table_of
from portal.models.paging import beyond, key_values
from portal.models.rows import columns, one_row, rows
from portal.reach.lookup import Subject
from portal.vocabulary import CompositionStatus

PAGE = 25
# One character more than pages show, so that they know whether the note is longer.
BEGINNING = 91

_note = table_of(Note)
_encounter = table_of(Encounter)
_location = table_of(Location)
_practitioner = table_of(Practitioner)
_patient = table_of(Patient)


class NoteLine(NamedTuple):
    id: int
    ref: str
    status: CompositionStatus
    author_name: str
    author_role: str
    written_at: datetime
    amends_id: int | None
    beginning: str
    clinic: str | None

    @property
    def is_draft(self) -> bool:
        return self.status is CompositionStatus.PRELIMINARY


class WholeNote(NamedTuple):
    id: int
    ref: str
    status: CompositionStatus
    author_name: str
    author_role: str
    written_at: datetime
    saved_at: datetime
    signed_at: datetime | None
    body: str
    amends_id: int | None
    amendment_reason: str | None
    encounter_ref: str
    visit_at: datetime
    clinic: str | None

    @property
    def is_draft(self) -> bool:
        return self.status is CompositionStatus.PRELIMINARY


_VISIBLE = or_(
    _note.c.status == CompositionStatus.FINAL,
    and_(
        _note.c.status == CompositionStatus.PRELIMINARY,
        _note.c.author_account_id == bindparam("account_id"),
    ),
)
"""Signed notes, and the actor's own drafts."""
_JOINED = _note.join(_encounter, _encounter.c.id == _note.c.encounter_id).outerjoin(
    _location, _location.c.id == _encounter.c.location_id
)
_OF_PATIENT = _note.c.patient_id == bindparam("patient_id")
_LINES = (
    select(
        *columns(
            NoteLine,
            _note,
            beginning=func.substr(_note.c.body, 1, BEGINNING),
            clinic=_location.c.name,
        )
    )
    .select_from(_JOINED)
    .where(_OF_PATIENT, _VISIBLE)
    .order_by(_note.c.written_at.desc(), _note.c.id.desc())
    .limit(bindparam("most"))
)
_OLDER = _LINES.where(beyond((_note.c.written_at, _note.c.id), operator.lt))
_PLACE = select(_note.c.written_at, _note.c.id).where(_note.c.ref == bindparam("ref"), _OF_PATIENT)
_WHOLE = select(
    *columns(
        WholeNote,
        _note,
        encounter_ref=_encounter.c.ref,
        visit_at=_encounter.c.started_at,
        clinic=_location.c.name,
    )
).select_from(_JOINED)
_ONE = _WHOLE.where(_OF_PATIENT, _VISIBLE, _note.c.ref == bindparam("ref"))
_AMENDMENTS = _WHOLE.where(
    _OF_PATIENT,
    _note.c.status == CompositionStatus.FINAL,
    _note.c.amends_id == bindparam("note_id"),
).order_by(_note.c.written_at, _note.c.id)


def latest(context: Context, subject: Subject, most: int) -> list[NoteLine]:
    return _lines(context, subject, _LINES, {"most": most})


def notes_of(
    context: Context, subject: Subject, before: str | None
) -> tuple[list[NoteLine], str | None]:
    """Notes, newest first, and the reference with which the next page begins."""
    values: dict[str, object] = {"most": PAGE + 1}
    statement = _LINES
    if before:
        at = {"patient_id": subject.id, "ref": before}
        place = context.session.execute(_PLACE, at).one_or_none()
        if place is not None:
            statement = _OLDER
            values |= key_values(place)
    found = _lines(context, subject, statement, values)
    shown = found[:PAGE]
    return shown, shown[-1].ref if len(found) > PAGE else None


def _lines(
    context: Context, subject: Subject, statement: Select[NoteLine], values: dict[str, object]
) -> list[NoteLine]:
    own = {"patient_id": subject.id, "account_id": context.by.account_id}
    return rows(context.session, NoteLine, statement, {**own, **values})


def find(context: Context, subject: Subject, ref: str) -> WholeNote:
    """A signed note, or the actor's own draft. Raises `NotFound` for any other."""
    own = {"patient_id": subject.id, "account_id": context.by.account_id}
    return one_row(context.session, WholeNote, _ONE, {**own, "ref": ref})


def amendments(context: Context, subject: Subject, note: WholeNote) -> list[WholeNote]:
    values = {"patient_id": subject.id, "note_id": note.id}
    return rows(context.session, WholeNote, _AMENDMENTS, values)
