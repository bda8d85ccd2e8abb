"""The actor's own second step: setting it up, moving it to another phone, turning it off."""

from urllib.parse import quote, urlencode

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.database import db
from portal.errors import Refused, SecondStepNeeded, Unavailable
from portal.signin import second_step
from portal.signin.provider.views import start_anew
from portal.signin.second_step import actions, cookies, queries
from portal.signin.second_step.cookies import AT_HAND, SetUp
from portal.signin.second_step.forms import CodeForm
from portal.signin.second_step.software_token import SetUpOver, SoftwareTokens, WrongCode
from portal.web import current
from portal.web.form_pages import Answer
from portal.web.forms import PortalForm, page_errors
from portal.web.pages import page
from portal.web.rate_limits import Limit, spend

ATTEMPTS = 10
"""How many codes a person may try during one set-up."""
NOT_HERE = "Your second step is managed where you sign in, not here."
OVER = "That took longer than 10 minutes, so nothing has changed. Please begin again."
WRONG = "This is not the code that the app shows now. Wait for the next one and enter it"

views = Blueprint("second_step", __name__)


@views.app_errorhandler(SecondStepNeeded)
def send_there(_: SecondStepNeeded) -> Response:
    return redirect(url_for("second_step.overview"), code=303)


@views.get("/second-step")
@page(Deed.SET_UP_SECOND_STEP)
def overview() -> str:
    return _overview()


@views.get("/second-step/start")
@page(Deed.SET_UP_SECOND_STEP)
def start() -> Response:
    _tokens()
    return start_anew(url_for(".set_up"))


@views.get("/second-step/set-up")
@page(Deed.SET_UP_SECOND_STEP)
def set_up() -> Answer:
    by, tokens = current.actor(), _tokens()
    try:
        found = cookies.under_way(by)
        key = found.key or tokens.new_key(found.access_token)
    except SetUpOver:
        return _overview(OVER)
    answer = make_response(_page(key, CodeForm()))
    cookies.keep(answer, SetUp(found.session_ref, found.access_token, found.until, key), by)
    return answer


@views.post("/second-step/set-up")
@page(Deed.SET_UP_SECOND_STEP, secret=True, runs_once=True)
def confirm() -> Answer:
    by, tokens, form = current.actor(), _tokens(), CodeForm()
    try:
        found = cookies.under_way(by)
        key = _needed_key(found)
        if not form.validate_on_submit():
            return _page(key, form), 400
        _confirm(tokens, found.access_token, str(form.code.data))
    except SetUpOver:
        return _overview(OVER), 400
    except WrongCode:
        form.code.errors = [WRONG]
        return _page(key, form), 400
    except Unavailable as fault:
        form.code.errors = [fault.message]
        return _page(key, form), 503
    flash("Your second step is set up. Sign-in asks for a code from your app from now on.")
    return _done(url_for("home.home" if current_user.needs_second_step else ".overview"))


@views.get("/second-step/turn-off/start")
@page(Deed.TURN_OFF_SECOND_STEP)
def start_turning_off() -> Response:
    _tokens()
    return start_anew(url_for(".turn_off"))


@views.route("/second-step/turn-off", methods=["GET", "POST"])
@page(Deed.TURN_OFF_SECOND_STEP, secret=True, runs_once=True)
def turn_off() -> Answer:
    by, tokens, form = current.actor(), _tokens(), PortalForm()
    try:
        found = cookies.under_way(by)
        if not form.validate_on_submit():
            return render_template("signin/second_step/turn_off.html", form=form)
        actions.turn_off(current.context(), tokens, found.access_token)
    except SetUpOver:
        return _overview(OVER), 400 if form.is_submitted() else 200
    flash("Your second step is turned off. Your password alone signs you in.")
    return _done(url_for(".overview"))


def _tokens() -> SoftwareTokens:
    tokens = second_step.tokens_here()
    if tokens is None:
        raise Refused(NOT_HERE)
    return tokens


def _needed_key(found: SetUp) -> str:
    if found.key is None:
        raise SetUpOver
    return found.key


def _confirm(tokens: SoftwareTokens, access_token: str, code: str) -> None:
    context = current.context()
    key = f"second step {context.by.ref}"
    spend(db.session(), key, Limit(ATTEMPTS, AT_HAND), context.now)
    # A wrong code rolls back the transaction, but must still count.
    db.session.commit()
    actions.set_up(context, tokens, access_token, code)


def _overview(problem: str = "") -> str:
    tokens, context = second_step.tokens_here(), current.context()
    return render_template(
        "signin/second_step/overview.html",
        here=tokens is not None,
        on=tokens is not None and queries.is_set_up(context, tokens),
        needed=current_user.needs_second_step,
        may_turn_off=context.may(Deed.TURN_OFF_SECOND_STEP),
        problem=problem,
    )


def _page(key: str, form: CodeForm) -> str:
    account, hospital = queries.own_account_of(current.context()), current.hospital()
    label = quote(f"{hospital.name}:{account.email or account.name}")
    query = urlencode({"secret": key, "issuer": hospital.name}, quote_via=quote)
    picture = segno.make(f"otpauth://totp/{label}?{query}", error="m", micro=False)
    return render_template(
        "signin/second_step/set_up.html",
        picture=Markup(picture.svg_inline(omitsize=True, border=4, light="#fff")),  # noqa: S704
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        form=form,
        errors=page_errors(form),
    )


def _done(where: str) -> Response:
    answer = redirect(where, code=303)
    cookies.forget(answer)
    return answer
