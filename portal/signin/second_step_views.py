"""One's own second step at sign-in: setting it up, putting it on another phone, turning it off."""

from urllib.parse import quote, urlencode

import segno
from flask import flash, make_response, redirect, render_template, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import audit
from portal.access import Deed, may
from portal.database import db
from portal.errors import Refused, SecondStepNeeded, Unavailable
from portal.models import Account
from portal.signin import second_step
from portal.signin.forms import CodeForm
from portal.signin.second_step import AT_HAND, SetUp
from portal.signin.software_token import SetUpOver, SoftwareTokens, WrongCode
from portal.signin.views import account_id_of, remember, start_anew, views
from portal.web import current
from portal.web.forms import PortalForm, page_errors
from portal.web.guard import deed, secret, uses_up
from portal.web.rate_limits import spend

ATTEMPTS = 10
"""Codes that somebody may try within the minutes of one set-up."""
NOT_HERE = "Your second step is looked after where you sign in, not here."
OVER = "That took longer than 10 minutes, so nothing has changed. Please begin again."
WRONG = "This is not the code that the app shows now. Wait for the next one and enter it"

Answer = str | Response | tuple[str, int]


def send_there(_: SecondStepNeeded) -> Response:
    return redirect(url_for("signin.second_step"), code=303)


@views.get("/second-step", endpoint="second_step")
@deed(Deed.SET_UP_SECOND_STEP)
def second_step_page() -> str:
    return _overview()


@views.get("/second-step/start")
@deed(Deed.SET_UP_SECOND_STEP)
def start_second_step() -> Response:
    _tokens()
    return start_anew(url_for(".set_up_second_step"))


@views.get("/second-step/set-up")
@deed(Deed.SET_UP_SECOND_STEP)
def set_up_second_step() -> Answer:
    by, tokens = current.actor(), _tokens()
    try:
        found = second_step.under_way(by)
        key = found.key or tokens.new_key(found.access_token)
    except SetUpOver:
        return _overview(OVER)
    answer = make_response(_page(key, CodeForm()))
    second_step.keep(answer, SetUp(found.session_ref, found.access_token, found.until, key), by)
    return answer


@views.post("/second-step/set-up")
@deed(Deed.SET_UP_SECOND_STEP)
@secret
@uses_up
def confirm_second_step() -> Answer:
    by, tokens, form = current.actor(), _tokens(), CodeForm()
    try:
        found = second_step.under_way(by)
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
    return _done(url_for("home.home" if current_user.needs_second_step else ".second_step"))


@views.get("/second-step/turn-off/start")
@deed(Deed.TURN_OFF_SECOND_STEP)
def start_turning_off() -> Response:
    _tokens()
    return start_anew(url_for(".turn_off_second_step"))


@views.route("/second-step/turn-off", methods=["GET", "POST"])
@deed(Deed.TURN_OFF_SECOND_STEP)
@secret
@uses_up
def turn_off_second_step() -> Answer:
    by, tokens, form = current.actor(), _tokens(), PortalForm()
    try:
        found = second_step.under_way(by)
        if not form.validate_on_submit():
            return render_template("signin/second_step_off.html", form=form)
        remember(Deed.TURN_OFF_SECOND_STEP, by)
        tokens.turn_off(found.access_token)
    except SetUpOver:
        return _overview(OVER), 400 if form.is_submitted() else 200
    flash("Your second step is turned off. Your password alone signs you in.")
    return _done(url_for(".second_step"))


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
    """What is kept here comes first, so that nothing is left to fail once Cognito has agreed."""
    by, now = current.actor(), current.now()
    spend(db.session(), f"second step {by.ref}", allowed=ATTEMPTS, window=AT_HAND, now=now)
    db.session.commit()
    second_step.lift(db.session(), str(by.session_ref))
    audit.remember(
        db.session(),
        by=by,
        deed=Deed.SET_UP_SECOND_STEP,
        now=now,
        of=Account.reference(by.ref),
        replaced=tokens.is_set_up(_username()),
    )
    tokens.confirm(access_token, code)


def _overview(problem: str = "") -> str:
    tokens, by = second_step.tokens_here(), current.actor()
    return render_template(
        "signin/second_step.html",
        here=tokens is not None,
        on=tokens is not None and tokens.is_set_up(_username()),
        needed=current_user.needs_second_step,
        may_turn_off=may(by, Deed.TURN_OFF_SECOND_STEP),
        problem=problem,
    )


def _page(key: str, form: CodeForm) -> str:
    account, hospital = _account(), current.hospital()
    label = quote(f"{hospital.name}:{account.email or account.name}")
    query = urlencode({"secret": key, "issuer": hospital.name}, quote_via=quote)
    picture = segno.make(f"otpauth://totp/{label}?{query}", error="m", micro=False)
    return render_template(
        "signin/second_step_set_up.html",
        picture=Markup(picture.svg_inline(omitsize=True, border=4, light="#fff")),  # noqa: S704
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        form=form,
        errors=page_errors(form),
    )


def _done(where: str) -> Response:
    answer = redirect(where, code=303)
    second_step.forget(answer)
    return answer


def _username() -> str:
    account = _account()
    return account.username or account.subject


def _account() -> Account:
    return db.session.get_one(Account, account_id_of(current.actor()))
