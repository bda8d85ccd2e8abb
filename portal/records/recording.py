"""Writing to the record: new rows, new versions of rows, and marking a row as entered in error.

Nothing is deleted. `record_version` keeps each version of a row in words, as shown when it was saved.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Table, insert, select, update

from portal.access import Deed
from portal.context import Context
from portal.errors import NotFound, Refused
from portal.models import Base, Encounter, RecordVersion, new_ref
from portal.models.base import table_of
from portal.models.rows import changed
from portal.reach.lookup import Subject
from portal.seen import Seen

_version = table_of(RecordVersion)
_encounter = table_of(Encounter)

LOCKED = "This entry was marked as entered in error, so it can't be changed. Add a new one instead."
CLOSED = (
    "The note of this visit is signed, so nothing more can be added to the visit."
    " Amend the note instead."
)
CHECK = "Check the warnings below. If everything is right, save again."


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sends besides its fields: the confirmed warnings, and the visit."""

    confirmed: str = ""
    visit: str = ""


NOTHING_SENT = Sent()


class Unconfirmed(Refused):
    """The input is possible but unusual; it is saved once it is confirmed."""

    def __init__(self, warnings: tuple[str, ...]) -> None:
        super().__init__(CHECK)
        self.warnings = warnings


def confirmation_of(warnings: tuple[str, ...]) -> str:
    """The value that a form sends to confirm exactly these warnings."""
    return hashlib.sha256("\n".join(warnings).encode()).hexdigest()


def require_confirmed(warnings: tuple[str, ...], confirmed: str) -> None:
    """Raises `Unconfirmed` when there are warnings that were not confirmed."""
    if warnings and confirmed != confirmation_of(warnings):
        raise Unconfirmed(warnings)


_OWN = frozenset(
    {
        *("id", "ref", "patient_id", "encounter_id", "version", "substance_key", "problem_key"),
        *("recorded_at", "recorded_by", "recorded_by_name", "changed_at", "changed_by_name"),
        *("identifier_system", "identifier_value", "given_way_at", "active_substance"),
        *("panel_key", "discussed_at", "discussed_by_name"),
    }
)
"""Columns that are not part of the content of an entry."""


def _word(value: Any) -> str:
    if isinstance(value, Enum):
        return str(getattr(value, "title", value.value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def add(
    context: Context, deed: Deed, subject: Subject, model: type[Base], values: Mapping[str, Any]
) -> str:
    """Adds a row with its first version and its audit entry; returns its reference."""
    ref = add_row(context, subject, model, values)
    keep_version(context, subject, (model, ref))
    context.remember(deed, of=model.reference(ref), patient=subject.ref, added=True)
    return ref


def add_row(
    context: Context, subject: Subject, model: type[Base], values: Mapping[str, Any]
) -> str:
    """The row alone, for what is one entry together with others."""
    ref = new_ref()
    common = {
        "ref": ref,
        "patient_id": subject.id,
        "version": 1,
        "recorded_at": context.now,
        "recorded_by": context.by.ref,
        "recorded_by_name": context.by.name,
        "changed_at": context.now,
        "changed_by_name": context.by.name,
    }
    context.session.execute(insert(table_of(model)), {**common, **values})
    return ref


def change(
    context: Context,
    deed: Deed,
    subject: Subject,
    row: tuple[type[Base], Seen],
    values: Mapping[str, Any],
) -> None:
    """Changes a row in the version that was shown, and stores the new version. Raises as `change_row`."""
    model, seen = row
    change_row(context, subject, row, values)
    keep_version(context, subject, (model, seen.ref))
    of, version = model.reference(seen.ref), seen.version + 1
    context.remember(deed, of=of, patient=subject.ref, version=version)


def change_row(
    context: Context,
    subject: Subject,
    row: tuple[type[Base], Seen],
    values: Mapping[str, Any],
) -> None:
    """The row alone, for what is one entry together with others.

    Raises `ChangedMeanwhile` when the row changed since it was shown, `Refused` when it was entered in error.
    """
    new = {"changed_at": context.now, "changed_by_name": context.by.name}
    _write(context, subject, row, {**values, **new})


def _write(
    context: Context, subject: Subject, row: tuple[type[Base], Seen], values: Mapping[str, Any]
) -> None:
    model, seen = row
    table = table_of(model)
    statement = update(table).where(
        table.c.ref == seen.ref,
        table.c.patient_id == subject.id,
        table.c.version == seen.version,
        table.c.error_at.is_(None),
    )
    new = statement.values(**values, version=seen.version + 1)
    if changed(context.session, new) == 0:
        _explain(context, table, subject, seen)


def _explain(context: Context, table: Table, subject: Subject, seen: Seen) -> None:
    same = table.c.ref == seen.ref, table.c.patient_id == subject.id
    found = context.session.execute(select(table.c.version).where(*same)).one_or_none()
    if found is None:
        raise NotFound
    seen.require(found.version)
    raise Refused(LOCKED)


def mark_in_error(
    context: Context, deed: Deed, subject: Subject, row: tuple[type[Base], Seen], reason: str
) -> None:
    """Marks a row as entered in error. Raises as `change_row`."""
    model, seen = row
    why = {
        "error_at": context.now,
        "error_by_name": context.by.name,
        "error_reason": reason,
    }
    _write(context, subject, row, why)
    keep_version(context, subject, (model, seen.ref))
    of = model.reference(seen.ref)
    context.remember(deed, of=of, patient=subject.ref, entered_in_error=True)


def keep_version(
    context: Context,
    subject: Subject,
    row: tuple[type[Base], str],
    more: Mapping[str, str] | None = None,
) -> None:
    """Stores the row's current content, and `more` that belongs to it. A unique key prevents duplicates of a
    version.
    """
    model, ref = row
    table = table_of(model)
    found = context.session.execute(select(table).where(table.c.ref == ref)).mappings().one()
    content = {
        name: _word(value)
        for name, value in found.items()
        if name not in _OWN and value not in (None, "")
    }
    context.session.execute(
        insert(_version),
        {
            "patient_id": subject.id,
            "item": model.__name__,
            "item_ref": ref,
            "version": found["version"],
            "content": {**content, **(more or {})},
            "at": context.now,
            "by_ref": context.by.ref,
            "by_name": context.by.name,
        },
    )


def open_visit(context: Context, subject: Subject, encounter_ref: str) -> int | None:
    """The key of the visit in which an entry is recorded; None without a visit.

    Locks the visit, so that nobody signs its note in the meantime. Raises `NotFound` for another patient's
    visit, `Refused` if its note is signed.
    """
    if not encounter_ref:
        return None
    found = context.session.execute(
        select(_encounter.c.id, _encounter.c.signed_at)
        .where(_encounter.c.ref == encounter_ref, _encounter.c.patient_id == subject.id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound
    if found.signed_at is not None:
        raise Refused(CLOSED)
    return int(found.id)
