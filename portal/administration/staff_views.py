"""Members of staff: the list, one of them, and what can be done to their account."""

from typing import cast

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import Deed, Role
from portal.administration import joining_actions, staff_actions, staff_queries
from portal.administration.directory import Directory
from portal.administration.forms import MemberForm, PractitionerForm, RolesForm, SearchForm
from portal.administration.views import views
from portal.database import db
from portal.errors import Unavailable, Unfit
from portal.web import current
from portal.web.current import page_number
from portal.web.forms import page_errors
from portal.web.guard import deed

DIRECTORY = "directory"
MEMBER = "/staff/<string(length=20):account_ref>"

Answer = str | Response | tuple[str, int]


def directory() -> Directory:
    return cast("Directory", current_app.extensions[DIRECTORY])


@views.get("/staff")
@deed(Deed.MANAGE_STAFF)
def staff() -> str:
    form, page = SearchForm(request.args), page_number()
    name = form.name.data if form.validate() else ""
    members = staff_queries.members(
        db.session(), by=current.actor(), name=name, page=page, now=current.now()
    )
    return render_template(
        "administration/staff.html",
        form=form,
        errors=page_errors(form),
        members=members,
        page=page,
        name=name,
        titles=_titles,
        administered=directory().pool is not None,
    )


@views.route("/staff/new", methods=["GET", "POST"])
@deed(Deed.MANAGE_STAFF)
def new_member() -> Answer:
    form = MemberForm()
    _offer(form)
    if form.validate_on_submit():
        try:
            ref = joining_actions.create(
                db.session(),
                by=current.actor(),
                new=form.new_member,
                directory=directory(),
                now=current.now(),
            )
        except Unfit as fault:
            form.show(fault)
        except Unavailable as fault:
            return _shown("new_member.html", form, fault)
        else:
            flash(f"{form.new_member.name} was invited by e-mail to choose a password.")
            return redirect(url_for(".member", account_ref=ref), code=303)
    return _shown("new_member.html", form)


@views.get(MEMBER)
@deed(Deed.MANAGE_STAFF)
def member(account_ref: str) -> str:
    session, by = db.session(), current.actor()
    found = staff_queries.member(session, by=by, ref=account_ref, now=current.now())
    return render_template(
        "administration/member.html",
        member=found,
        titles=_titles,
        clinics=staff_queries.clinics_of(session, found.practitioner_id),
        is_oneself=by.ref == account_ref,
        administered=directory().pool is not None,
    )


@views.route(f"{MEMBER}/roles", methods=["GET", "POST"])
@deed(Deed.MANAGE_STAFF)
def roles(account_ref: str) -> Answer:
    session, by = db.session(), current.actor()
    found = staff_queries.member(session, by=by, ref=account_ref, now=current.now())
    given, _, family = found.name.rpartition(" ")
    facts = {"roles": found.role_values.split(), "given": given, "family": family}
    form = RolesForm(data=facts) if found.practitioner_id else PractitionerForm(data=facts)
    if isinstance(form, PractitionerForm):
        _offer(form)
    if form.validate_on_submit():
        try:
            staff_actions.change_roles(
                session,
                by=by,
                ref=account_ref,
                roles=form.chosen_roles,
                practitioner=getattr(form, "practitioner_choice", None),
                directory=directory(),
                now=current.now(),
            )
        except Unfit as fault:
            form.show(fault)
        except Unavailable as fault:
            return _shown("roles.html", form, fault, member=found)
        else:
            flash(f"The roles of {found.name} are changed.")
            return redirect(url_for(".member", account_ref=account_ref), code=303)
    return _shown("roles.html", form, member=found)


@views.post(f"{MEMBER}/disable")
@deed(Deed.MANAGE_STAFF)
def disable(account_ref: str) -> Response:
    staff_actions.disable(
        db.session(),
        by=current.actor(),
        ref=account_ref,
        directory=directory(),
        now=current.now(),
    )
    flash("The account is disabled, and signed out everywhere.")
    return redirect(url_for(".member", account_ref=account_ref), code=303)


@views.post(f"{MEMBER}/enable")
@deed(Deed.MANAGE_STAFF)
def enable(account_ref: str) -> Response:
    staff_actions.enable(
        db.session(),
        by=current.actor(),
        ref=account_ref,
        directory=directory(),
        now=current.now(),
    )
    flash("The account is enabled. The person can sign in again.")
    return redirect(url_for(".member", account_ref=account_ref), code=303)


@views.post(f"{MEMBER}/reset-password")
@deed(Deed.MANAGE_STAFF)
def reset_password(account_ref: str) -> Response:
    invited = staff_actions.reset_password(
        db.session(),
        by=current.actor(),
        ref=account_ref,
        directory=directory(),
        now=current.now(),
    )
    flash(
        "A new invitation is on its way by e-mail."
        if invited
        else "The password is reset. A code for choosing a new one is on its way by e-mail."
    )
    return redirect(url_for(".member", account_ref=account_ref), code=303)


def _offer(form: PractitionerForm) -> None:
    session = db.session()
    form.offer(staff_queries.practitioners_without_account(session), staff_queries.clinics(session))


def _shown(
    template: str, form: RolesForm, away: Unavailable | None = None, **facts: object
) -> Answer:
    """The form with what was typed, and why it was not accepted."""
    errors = page_errors(form)
    if away:
        errors.append({"text": away.message})
    page = render_template(f"administration/{template}", form=form, errors=errors, **facts)
    if not form.is_submitted():
        return page
    return page, 503 if away else 400


def _titles(role_values: str) -> str:
    """`Doctor, Administrator`, in the order in which roles are offered."""
    return ", ".join(role.title for role in Role if role.value in role_values.split())
