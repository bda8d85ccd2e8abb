"""The first page of a patient's record."""

from flask import Blueprint, render_template

from portal.access import CLINICIANS, Deed, Role
from portal.records.addresses import RECORD
from portal.records.at_a_glance.queries import at_a_glance, steps_of
from portal.records.observations import rules
from portal.records.results import trends
from portal.records.results.trends import person_of
from portal.records.summary import queries
from portal.web import current
from portal.web.pages import page
from portal.words import language_name, months_between

views = Blueprint("record", __name__)


@views.get(RECORD)
@page(Deed.SEE_RECORD)
def show(patient_ref: str) -> str:
    context, visit = current.context(), current.ref_argument("visit")
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="record")
    glance = at_a_glance(context, subject, visit=visit)
    return render_template(
        "records/record.html",
        subject=subject,
        summary=queries.summary_of(context, subject),
        allergies=subject.allergies,
        glance=glance,
        day=context.hospital.today(glance.starts_at) if glance.starts_at else None,
        steps=steps_of(context, glance),
        language=language_name(glance.language, context.hospital.locale),
        is_doctor=Role.DOCTOR in context.by.roles,
        flag=rules.flag,
        flag_of_result=lambda value: trends.flag_of(value, person_of(subject, context.hospital)),
        months=months_between(subject.birth_date, context.today),
        may=context.may,
        deeds=Deed,
        seen_by_staff=context.by.is_any_of(CLINICIANS),
    )
