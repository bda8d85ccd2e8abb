"""Weekly sessions: who works when, and the week as it comes."""

from datetime import date, timedelta

from flask import render_template, request

from portal.access import Deed
from portal.database import db
from portal.models import Schedule
from portal.schedules import fitting, queries, schedule_actions, weeks
from portal.schedules.fitting import FURTHEST_AHEAD, LONGEST_ABSENCE
from portal.schedules.placing import SessionFacts
from portal.schedules.rules import Span
from portal.schedules.schedule_forms import EndSessionForm, NewSessionForm, SessionForm
from portal.schedules.timetable import practitioner_name
from portal.schedules.views import (
    PRACTITIONER,
    SCHEDULE,
    Answer,
    done,
    outcome,
    page,
    refusals,
    views,
)
from portal.schedules.wording import counted, day_and_hours
from portal.web import current
from portal.web.current import setting
from portal.web.guard import deed

WEEK = timedelta(days=7)


@views.get("/schedules")
@deed(Deed.MANAGE_SCHEDULES)
def weekly() -> str:
    found = queries.practitioners(db.session(), deed=Deed.MANAGE_SCHEDULES, **setting())
    return render_template("schedules/weekly.html", practitioners=found)


@views.get(f"{PRACTITIONER}/week")
@deed(Deed.MANAGE_SCHEDULES)
def week(practitioner_ref: str) -> str:
    monday = _monday(request.args.get("from", ""))
    found = weeks.week(db.session(), practitioner_ref=practitioner_ref, monday=monday, **setting())
    return render_template(
        "schedules/week.html",
        week=found,
        name=practitioner_name(found.practitioner),
        before=monday - WEEK,
        after=monday + WEEK,
        this_week=_monday(""),
        today=current.hospital().today(current.now()),
    )


@views.route(f"{PRACTITIONER}/schedules/new", methods=["GET", "POST"])
@deed(Deed.MANAGE_SCHEDULES)
def new_schedule(practitioner_ref: str) -> Answer:
    row = queries.practitioner(
        db.session(),
        by=current.actor(),
        ref=practitioner_ref,
        now=current.now(),
        deed=Deed.MANAGE_SCHEDULES,
    )
    choices = queries.clinic_choices(db.session(), row.id)
    form = NewSessionForm(valid_from=_tomorrow(), location=next(iter(choices), None))
    form.location.choices = choices
    if form.validate_on_submit():
        with refusals(form):
            made = schedule_actions.add_schedules(
                db.session(),
                practitioner_ref=practitioner_ref,
                weekdays=form.weekdays,
                facts=form.facts,
                **setting(),
            )
            added = counted(len(set(form.weekdays)), "weekly session")
            message = f"{added} added with {counted(made, 'time')} to book.{_left_over(form.facts)}"
            return done(message, "week", practitioner_ref=practitioner_ref)
    return page("new_schedule", form, practitioner=row, name=practitioner_name(row))


@views.route(f"{SCHEDULE}/change", methods=["GET", "POST"])
@deed(Deed.MANAGE_SCHEDULES)
def change_schedule(schedule_ref: str) -> Answer:
    schedule, row = queries.schedule(
        db.session(), by=current.actor(), ref=schedule_ref, now=current.now()
    )
    form = SessionForm(
        location=row.location_ref,
        starts=schedule.starts,
        ends=schedule.ends,
        slot_minutes=schedule.slot_minutes,
        mode=schedule.mode.value,
        valid_from=max(_tomorrow(), schedule.valid_from),
        valid_to=schedule.valid_to,
    )
    form.location.choices = queries.clinic_choices(db.session(), schedule.practitioner_id)
    if form.validate_on_submit():
        with refusals(form):
            effect = schedule_actions.change_schedule(
                db.session(),
                schedule_ref=schedule_ref,
                facts=form.facts,
                confirmed=form.confirmed.data,
                **setting(),
            )
            message = f"The session was changed.{outcome(effect)}{_left_over(form.facts)}"
            return done(message, "week", practitioner_ref=row.practitioner_ref)
    when = _when(schedule)
    return page("change_schedule", form, row=row, name=practitioner_name(row), when=when)


@views.route(f"{SCHEDULE}/end", methods=["GET", "POST"])
@deed(Deed.MANAGE_SCHEDULES)
def end_schedule(schedule_ref: str) -> Answer:
    schedule, row = queries.schedule(
        db.session(), by=current.actor(), ref=schedule_ref, now=current.now()
    )
    form = EndSessionForm()
    if form.validate_on_submit():
        with refusals(form):
            effect = schedule_actions.end_schedule(
                db.session(),
                schedule_ref=schedule_ref,
                last_day=form.last_day.day,
                confirmed=form.confirmed.data,
                **setting(),
            )
            message = f"The session ends.{outcome(effect)}"
            return done(message, "week", practitioner_ref=row.practitioner_ref)
    when = _when(schedule)
    return page("end_schedule", form, row=row, name=practitioner_name(row), when=when)


def _when(schedule: Schedule) -> str:
    return day_and_hours(Span(schedule.weekday, schedule.starts, schedule.ends))


def _tomorrow() -> date:
    return current.hospital().today(current.now()) + timedelta(days=1)


def _monday(text: str) -> date:
    """The Monday of the week in which the day lies; this week's when it can't be read."""
    today = current.hospital().today(current.now())
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if not today - LONGEST_ABSENCE <= day <= today + FURTHEST_AHEAD:
        day = today
    return day - timedelta(days=day.weekday())


def _left_over(facts: SessionFacts) -> str:
    minutes = fitting.left_over(facts.starts, facts.ends, facts.slot_minutes)
    return f" The last {counted(minutes, 'minute')} of each session stay empty." if minutes else ""
