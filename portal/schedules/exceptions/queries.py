"""Leave, closures and extra clinics for the list. Each read leaves an audit entry."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.access import Deed
from portal.context import Context
from portal.models import Location, Practitioner, ScheduleException
from portal.models.base import table_of
from portal.models.rows import columns
from portal.schedules import lookup, wording
from portal.schedules.lookup import Concerned
from portal.vocabulary import ExceptionKind


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    ref: str
    version: int
    kind: ExceptionKind
    when: str
    begun: bool
    practitioner: str
    location: str
    """Empty for leave and for a closure of all clinics."""
    reason: str

    @property
    def in_words(self) -> str:
        where = ", ".join(filter(None, (self.practitioner, self.location))) or "All clinics"
        return f"{self.kind.title}: {where}, {self.when}"


def exceptions(context: Context) -> list[ExceptionRow]:
    """Leave, closures and extra clinics that are not over, in order of time."""
    context.require(Deed.MANAGE_SCHEDULES)
    context.remember(Deed.MANAGE_SCHEDULES, page="exceptions")
    concerned = columns(Concerned, table_of(Practitioner), location=Location.name)
    found = context.session.execute(
        select(ScheduleException, *concerned)
        .outerjoin(ScheduleException.practitioner)
        .outerjoin(ScheduleException.location)
        .where(ScheduleException.ends_at > context.now)
        .order_by(ScheduleException.starts_at, ScheduleException.id)
    )
    return [_row(context, one, Concerned._make(names)) for one, *names in found]


def exception(context: Context, ref: str) -> ExceptionRow:
    context.require(Deed.MANAGE_SCHEDULES)
    found, concerned = lookup.exception(context.session, ref)
    of = ScheduleException.reference(found.ref)
    context.remember(Deed.MANAGE_SCHEDULES, of=of, page="exception")
    return _row(context, found, concerned)


def _row(context: Context, found: ScheduleException, concerned: Concerned) -> ExceptionRow:
    return ExceptionRow(
        ref=found.ref,
        version=found.version,
        kind=found.kind,
        when=wording.span_of(found.starts_at, found.ends_at, context.hospital),
        begun=found.starts_at < context.now,
        practitioner=concerned.name,
        location=concerned.location or "",
        reason=found.reason,
    )
