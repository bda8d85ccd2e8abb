"""The facts around a record, limited in number."""

from portal.access import Deed, relations
from portal.appointments.attendance.rules import STEP_DEEDS, Standing
from portal.context import Context
from portal.models.rows import one_row
from portal.reach.lookup import Subject
from portal.records.at_a_glance import statements
from portal.records.at_a_glance.statements import Glance
from portal.vocabulary import Step


def at_a_glance(context: Context, subject: Subject, *, visit: str | None = None) -> Glance:
    """For a patient whom the caller has opened; `visit` is the appointment in the address.

    Only those who may see the day list of its clinic get the visit.
    """
    begins, ends = context.hospital.day(context.today)
    values = context.reach(
        patient_id=subject.id, begins=begins, ends=ends, today=context.today, visit_ref=visit
    )
    seen = relations(context.by, Deed.SEE_DAY_LIST)
    return one_row(context.session, Glance, statements.about(seen, named=visit is not None), values)


def steps_of(context: Context, glance: Glance) -> list[Step]:
    """The steps that the actor may take with the visit now, on its day."""
    if glance.starts_at is None or glance.mode is None or glance.phase is None:
        return []
    if context.hospital.today(glance.starts_at) != context.today:
        return []
    standing = Standing(glance.phase, glance.mode, glance.starts_at)
    return [step for step in standing.steps(context.now) if context.may(STEP_DEEDS[step])]
