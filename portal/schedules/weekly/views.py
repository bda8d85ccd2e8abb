from datetime import date, timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.models import Schedule
from portal.schedules import fitting, lookup, wording
from portal.schedules.practitioners import queries as practitioners
from portal.schedules.rules import Span
from portal.schedules.views import PRACTITIONER, SCHEDULE, form_page, outcome
from portal.schedules.weekly import actions, queries
from portal.schedules.weekly.forms import (
    EndSessionForm,
    NewSessionForm,
    SessionForm,
    session_shown,
)
from portal.schedules.weekly.placing import SessionFacts
from portal.schedules.weekly.week import week as week_of
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.pages import Menu, page
from portal.words import counted, week_begins

SECTION = "/administration/schedules", "/administration/practitioners"
views = Blueprint("weekly", __name__, url_prefix="/administration")

WEEK = timedelta(days=7)


@views.get("/schedules")
@page(Deed.MANAGE_SCHEDULES, menu=Menu("Schedules", section=SECTION))
def weekly() -> str:
    found = practitioners.practitioners(current.context(), Deed.MANAGE_SCHEDULES)
    return render_template("schedules/weekly/weekly.html", practitioners=found)


@views.get(f"{PRACTITIONER}/week")
@page(Deed.MANAGE_SCHEDULES)
def week(practitioner_ref: str) -> str:
    context = current.context()
    first_day = _first_day(request.args.get("from", ""))
    return render_template(
        "schedules/weekly/week.html",
        week=week_of(context, practitioner_ref=practitioner_ref, first_day=first_day),
        before=first_day - WEEK,
        after=first_day + WEEK,
        this_week=_first_day(""),
        today=context.today,
    )


@views.route(f"{PRACTITIONER}/schedules/new", methods=["GET", "POST"])
@page(Deed.MANAGE_SCHEDULES)
def new_schedule(practitioner_ref: str) -> Answer:
    context = current.context()
    whose = practitioners.practitioner(context, practitioner_ref, Deed.MANAGE_SCHEDULES)
    choices = lookup.clinic_choices(context.session, whose.id)
    form = NewSessionForm(valid_from=_tomorrow(), location=next(iter(choices), None))
    form.location.choices = choices

    def send() -> Response:
        made = actions.add_schedules(
            context, practitioner_ref=practitioner_ref, weekdays=form.weekdays, facts=form.facts
        )
        added = counted(len(set(form.weekdays)), "weekly session")
        message = f"{added} added with {counted(made, 'time')} to book.{_left_over(form.facts)}"
        return done(message, ".week", practitioner_ref=practitioner_ref)

    return round_trip(form, send, form_page("weekly/new_schedule", form, practitioner=whose))


@views.route(f"{SCHEDULE}/change", methods=["GET", "POST"])
@page(Deed.MANAGE_SCHEDULES)
def change_schedule(schedule_ref: str) -> Answer:
    context = current.context()
    schedule, whose = queries.schedule(context, schedule_ref)
    form = SessionForm(valid_from=max(_tomorrow(), schedule.valid_from))
    form.location.choices = lookup.clinic_choices(context.session, schedule.practitioner_id)

    def send() -> Response:
        effect = actions.change_schedule(
            context,
            schedule=form.seen(schedule_ref),
            facts=form.facts,
            confirmed=form.confirmed.data,
        )
        message = f"The session has been changed.{outcome(effect)}{_left_over(form.facts)}"
        return done(message, ".week", practitioner_ref=whose.practitioner_ref)

    return round_trip(form, send, lambda: _page("change_schedule", form, schedule_ref))


@views.route(f"{SCHEDULE}/end", methods=["GET", "POST"])
@page(Deed.MANAGE_SCHEDULES)
def end_schedule(schedule_ref: str) -> Answer:
    context, form = current.context(), EndSessionForm()
    _, whose = queries.schedule(context, schedule_ref)

    def send() -> Response:
        effect = actions.end_schedule(
            context,
            schedule=form.seen(schedule_ref),
            last_day=form.last_day.day,
            confirmed=form.confirmed.data,
        )
        message = f"The end of the session has been set.{outcome(effect)}"
        return done(message, ".week", practitioner_ref=whose.practitioner_ref)

    return round_trip(form, send, lambda: _page("end_schedule", form, schedule_ref))


def _page(template: str, form: SessionForm | EndSessionForm, schedule_ref: str) -> str:
    schedule, whose = queries.schedule(current.context(), schedule_ref)
    form.see(session_shown(schedule, whose))
    return form_page(f"weekly/{template}", form, whose=whose, when=_when(schedule))()


def _when(schedule: Schedule) -> str:
    span = Span(schedule.weekday, schedule.starts, schedule.ends)
    return wording.day_and_hours(span, current.hospital().locale)


def _tomorrow() -> date:
    return current.context().today + timedelta(days=1)


def _first_day(text: str) -> date:
    """The first day of the week of this day, or of the current week if it is not valid."""
    context = current.context()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = context.today
    if not fitting.is_in_reach(day, context.today):
        day = context.today
    return week_begins(day, context.hospital.locale)


def _left_over(facts: SessionFacts) -> str:
    minutes = fitting.left_over(facts.starts, facts.ends, facts.slot_minutes)
    return f" The last {counted(minutes, 'minute')} of each session stay empty." if minutes else ""
