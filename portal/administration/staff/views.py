"""Members of staff: the list, one of them, and what can be done to their account."""

from collections.abc import Callable
from typing import cast

from flask import Blueprint, Flask, current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.administration.jobs import queries as jobs
from portal.administration.staff import actions, joining, queries, rules
from portal.administration.staff.directory import Directory
from portal.administration.staff.forms import (
    MemberForm,
    PractitionerForm,
    RolesForm,
    SearchForm,
    member_shown,
    titles,
)
from portal.administration.staff.user_pool import UserPool
from portal.errors import Unavailable
from portal.schedules.lookup import clinic_choices
from portal.settings.configuration import Settings
from portal.web import current
from portal.web.form_pages import Answer, Changed, done, press, round_trip
from portal.web.forms import PortalForm, page_errors
from portal.web.pages import Menu, page
from portal.web.seen import seen_sent

views = Blueprint("staff", __name__, url_prefix="/administration/staff")

DIRECTORY = "directory"
MEMBER = "/<string(length=20):account_ref>"


def install(app: Flask, settings: Settings) -> None:
    pool = None
    if settings.user_pool_id:
        pool = UserPool(settings.user_pool_id, settings.user_pool_endpoint)
    provider = settings.sign_in
    app.extensions[DIRECTORY] = Directory(pool, provider.issuer, provider.role_of_group)


def directory() -> Directory:
    return cast("Directory", current_app.extensions[DIRECTORY])


@views.get("")
@page(Deed.MANAGE_STAFF, menu=Menu("Staff"))
def staff() -> str:
    context = current.context()
    form, number = SearchForm(request.args), current.page_number()
    name = form.name.data if form.validate() else ""
    return render_template(
        "administration/staff/staff.html",
        form=form,
        errors=page_errors(form),
        members=queries.members(context, name, number),
        page=number,
        name=name,
        titles=titles,
        administered=directory().pool is not None,
        failing=jobs.failing(context),
    )


@views.route("/new", methods=["GET", "POST"])
@page(Deed.MANAGE_STAFF)
def new_member() -> Answer:
    form = MemberForm()
    _offer(form)

    def send() -> Response:
        ref = joining.create(current.context(), form.new_member, directory())
        message = f"{form.new_member.name} has been invited by email to choose a password."
        return done(message, ".member", account_ref=ref)

    return _trip(form, send, lambda: _page("new_member", form))


@views.get(MEMBER)
@page(Deed.MANAGE_STAFF)
def member(account_ref: str) -> str:
    context = current.context()
    found = queries.member(context, account_ref)
    return render_template(
        "administration/staff/member.html",
        member=found,
        shown=member_shown(found),
        titles=titles,
        clinics=queries.clinics_of(context.session, found.practitioner_id),
        is_oneself=context.by.ref == account_ref,
        administered=directory().pool is not None,
    )


@views.route(f"{MEMBER}/roles", methods=["GET", "POST"])
@page(Deed.MANAGE_STAFF)
def roles(account_ref: str) -> Answer:
    context = current.context()
    found = queries.member(context, account_ref)
    prefix, given, family = rules.parts_of(found.name)
    name = {"prefix": prefix, "given": given, "family": family}
    form = RolesForm() if found.practitioner_id else PractitionerForm(data=name)
    if isinstance(form, PractitionerForm):
        _offer(form)

    def send() -> Response:
        actions.change_roles(
            context,
            account=form.seen(account_ref),
            roles=form.chosen_roles,
            practitioner=getattr(form, "practitioner_choice", None),
            directory=directory(),
        )
        message = f"The roles of {found.name} have been changed."
        return done(message, ".member", account_ref=account_ref)

    def show() -> str:
        now = queries.member(context, account_ref)
        form.see(member_shown(now))
        return _page("roles", form, member=now)

    return _trip(form, send, show)


@views.post(f"{MEMBER}/disable")
@page(Deed.MANAGE_STAFF)
def disable(account_ref: str) -> Response:
    def send() -> Response:
        account = seen_sent(account_ref)
        actions.disable(current.context(), account=account, directory=directory())
        message = "The account has been disabled, and signed out everywhere."
        return done(message, ".member", account_ref=account_ref)

    return press(send, lambda: _now(account_ref))


@views.post(f"{MEMBER}/enable")
@page(Deed.MANAGE_STAFF)
def enable(account_ref: str) -> Response:
    def send() -> Response:
        account = seen_sent(account_ref)
        actions.enable(current.context(), account=account, directory=directory())
        message = "The account has been enabled. The person can sign in again."
        return done(message, ".member", account_ref=account_ref)

    return press(send, lambda: _now(account_ref))


@views.post(f"{MEMBER}/reset-password")
@page(Deed.MANAGE_STAFF)
def reset_password(account_ref: str) -> Response:
    def send() -> Response:
        account, context = seen_sent(account_ref), current.context()
        invited = actions.reset_password(context, account=account, directory=directory())
        return done(
            "A new invitation is on its way by email."
            if invited
            else "The password has been reset. A code for choosing a new one is on its way by email.",
            ".member",
            account_ref=account_ref,
        )

    return press(send, lambda: _now(account_ref))


def _now(account_ref: str) -> Changed:
    found = queries.member(current.context(), account_ref)
    return Changed(member_shown(found), url_for(".member", account_ref=account_ref))


def _offer(form: MemberForm | PractitionerForm) -> None:
    session = current.context().session
    form.offer(queries.practitioners_without_account(session), clinic_choices(session))


def _page(template: str, form: PortalForm, **shown: object) -> str:
    file = f"administration/staff/{template}.html"
    return render_template(file, form=form, errors=page_errors(form), **shown)


def _trip(form: PortalForm, send: Callable[[], Response], show: Callable[[], str]) -> Answer:
    """A form's round trip through Cognito: the form stays filled in while Cognito is unavailable."""
    try:
        return round_trip(form, send, show)
    except Unavailable as away:
        form.form_errors.append(away.message)
        return show(), 503
