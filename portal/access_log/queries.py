"""Entries of the audit trail about one patient, newest first, read by key."""

import operator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from portal.access import Deed, Role
from portal.access_log import rules
from portal.context import Context
from portal.models import Account, AuditEvent, EmergencyAccess, Patient
from portal.models.base import table_of
from portal.models.paging import beyond, key_values
from portal.models.rows import columns, rows
from portal.reach.lookup import Subject

PAGE = 50

_event, _access, _account, _patient = map(table_of, (AuditEvent, EmergencyAccess, Account, Patient))

# A merged record keeps its own entries, because the trail is never changed.
_REFS = (
    select(_patient.c.ref)
    .where(_patient.c.id == bindparam("patient_id"))
    .union_all(select(_patient.c.ref).where(_patient.c.merged_into_id == bindparam("patient_id")))
)


class _Event(NamedTuple):
    id: int
    at: datetime
    actor_ref: str
    actor_name: str
    actor_roles: str
    deed: str


class _Emergency(NamedTuple):
    ref: str
    begun_at: datetime
    ends_at: datetime
    reason: str


class Looked(NamedTuple):
    """One line of the page, in words."""

    at: datetime
    who: str
    role: str
    what: str
    why: str


class AccessLog(NamedTuple):
    rows: list[Looked]
    older: int | None
    """The last entry of this page. The next page begins after it."""


_KEY = (_event.c.at, _event.c.id)
_EVENTS = (
    select(*columns(_Event, _event))
    .where(_event.c.patient_ref.in_(_REFS))
    .order_by(*(column.desc() for column in _KEY))
    .limit(PAGE + 1)
)
_OLDER = _EVENTS.where(beyond(_KEY, operator.lt))
_AT = select(_event.c.at).where(_event.c.id == bindparam("id"), _event.c.patient_ref.in_(_REFS))
_EMERGENCIES = (
    select(*columns(_Emergency, _access, ref=_account.c.ref))
    .join(_account, _account.c.id == _access.c.account_id)
    .where(_access.c.patient_id == bindparam("patient_id"))
)


def access_log(context: Context, subject: Subject, *, before: int | None) -> AccessLog:
    """The newest entries about a patient whom the caller has opened, or those before another entry."""
    context.require(Deed.SEE_WHO_LOOKED)
    values: dict[str, Any] = {"patient_id": subject.id}
    statement = _EVENTS
    if before is not None:
        at = context.session.scalar(_AT, {"id": before, **values})
        if at is not None:
            statement, values = _OLDER, values | key_values((at, before))
    found = rows(context.session, _Event, statement, values)
    emergencies = rows(context.session, _Emergency, _EMERGENCIES, {"patient_id": subject.id})
    shown = [_told(event, emergencies) for event in found[:PAGE]]
    return AccessLog(shown, found[PAGE - 1].id if len(found) > PAGE else None)


def _told(event: _Event, emergencies: list[_Emergency]) -> Looked:
    emergency = next(
        (
            one.reason
            for one in emergencies
            if one.ref == event.actor_ref and one.begun_at <= event.at < one.ends_at
        ),
        None,
    )
    why = rules.why(
        event.actor_roles,
        is_patient_or_proxy=event.actor_roles == Role.PATIENT.value,
        emergency_reason=emergency,
    )
    role = rules.role_told(event.actor_roles)
    return Looked(event.at, event.actor_name, role, rules.told(event.deed), why)
