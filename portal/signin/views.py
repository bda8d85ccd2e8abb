"""The way in through the provider and back, and the way out."""

from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import cast

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from portal import audit, sign_in_sessions
from portal.access import Actor, Deed
from portal.database import db
from portal.errors import TooMany
from portal.measures import SIGN_IN, SIGN_IN_FAILED, measured, measured_when_committed
from portal.models import Account
from portal.signin import accounts, browsers, own_sessions, pending, second_step, sessions
from portal.signin.person import Person
from portal.signin.provider import Answer, Provider
from portal.signin.refusals import STARTED_ELSEWHERE, SignInRefused
from portal.signin.return_path import local_path
from portal.web import current
from portal.web.guard import public, uses_up
from portal.web.rate_limits import spend
from portal.web.second_try import again_when_lost
from portal.web.submissions import repeatable

CALLBACK = "/sign-in/callback"
PROVIDER = "sign_in_provider"
EXPIRED = "expired"
"""In the cookie: the token of a session that is over, which a form that comes late may still name."""
WINDOW = timedelta(minutes=10)

views = Blueprint("signin", __name__)


@views.get("/sign-in")
@public
def sign_in() -> Response | str:
    wanted = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or url_for("home.home"))
    return render_template("signin/sign_in.html", start_url=_start_url(wanted))


@views.get("/sign-in/start")
@public
def start() -> Response:
    _count_attempt("start")
    under_way = pending.start(
        session, next=local_path(request.args.get("next")) or "", now=_seconds()
    )
    return redirect(_provider().authorization_url(under_way))


def start_anew(wanted: str) -> Response:
    """Lets whoever is signed in do so once more, to change their second step at `wanted`."""
    _count_attempt("start")
    under_way = pending.start(session, next=wanted, now=_seconds(), for_second_step=True)
    return redirect(_provider().authorization_url(under_way))


@views.get(CALLBACK)
@public
@uses_up
def callback() -> Response:
    _count_attempt("callback")
    query = request.args
    answer = Answer(query.get("code"), query.get("error"), query.get("iss"))
    under_way = pending.take(session, query.get("state", ""), now=_seconds())
    if under_way is None:
        # Another tab was quicker, or somebody went back to this address.
        if current_user.is_authenticated:
            return redirect(url_for("home.home"))
        raise SignInRefused("callback: the state is not one of this browser's", STARTED_ELSEWHERE)
    person, tokens = _provider().identify(answer, under_way, now=_seconds())
    # The provider takes its code once: who is to try again begins anew.
    g.try_again_at = url_for(".start", next=under_way.next or None)
    lacks = second_step.lacks(person)
    hint = tokens.id_token if _provider().keeps_hint() else None
    again_when_lost(lambda: _begin(person, hint, lacks))
    there = redirect(under_way.next or url_for("home.home"))
    if under_way.for_second_step:
        second_step.begin(there, tokens.access_token, current.actor())
    return there


@views.post("/sign-out")
@public
@repeatable
def sign_out() -> Response | str:
    """Ends the session here, then the provider's own."""
    if not current_user.is_authenticated:
        return leave(None)
    by = current.actor()
    hint = own_sessions.id_token_of(db.session(), str(by.session_ref))
    sign_in_sessions.end(db.session(), account_id_of(by), current.now(), ref=by.session_ref)
    remember(Deed.SIGN_OUT, by)
    return leave(hint)


@views.get("/signed-out")
@public
def signed_out() -> str:
    return render_template("signin/signed_out.html", start_url=_start_url(None))


@views.get("/session-ended")
@public
def session_ended() -> Response | str:
    wanted = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or url_for("home.home"))
    if token := session.get("_user_id"):
        # Another tab may still send a form.
        session[EXPIRED] = token
    logout_user()
    return render_template("signin/session_ended.html", start_url=_start_url(wanted))


def leave(hint: str | None) -> Response | str:
    """What was done is kept; the browser goes on to the provider's logout and from there back.

    By a page that leads on, not by a redirect: browsers hold redirects after a form to the page's
    `form-action`, and no portal knows in advance through which hosts a provider's logout leads.
    """
    db.session.commit()
    logout_user()
    session.clear()
    back = current.settings().portal_url + url_for("signin.signed_out")
    url = _provider().logout_url(hint=hint, return_to=back)
    if url is None:
        return redirect(url_for("signin.signed_out"), code=303)
    return render_template("signin/leaving.html", url=url)


def _begin(person: Person, id_token: str | None, lacks_second_step: bool) -> None:
    account = accounts.recognise(db.session(), person, now=current.now())
    if current_user.is_authenticated:
        before = current.actor()
        sign_in_sessions.end(
            db.session(), account_id_of(before), current.now(), ref=before.session_ref
        )
    user = sessions.begin(
        db.session(),
        account,
        browser=browsers.in_plain_words(request.user_agent.string),
        hospital=current.hospital(),
        now=current.now(),
        id_token=id_token,
        needs_second_step=lacks_second_step,
    )
    # Nothing that was planted in the cookie before survives; sign-ins in other tabs go on.
    others = session.get(pending.KEY, [])
    session.clear()
    session[pending.KEY] = others
    login_user(user)
    remember(Deed.SIGN_IN, user.actor)
    measured_when_committed(db.session(), SIGN_IN, SignIns=1)
    db.session.commit()


def _count_attempt(what: str) -> None:
    """Kept at once, so that refused attempts count, and nothing is open while the provider is asked."""
    key = f"sign-in {what} {_network(request.remote_addr or '')}"
    allowed = current.settings().sign_ins_per_address

    def count() -> None:
        spend(db.session(), key, allowed=allowed, window=WINDOW, now=current.now())
        db.session.commit()

    try:
        again_when_lost(count)
    except TooMany:
        measured(SIGN_IN_FAILED, SignInsFailed=1, Reason="too many attempts")
        raise


def _network(address: str) -> str:
    """The address; of IPv6 the /64 network, all of which is one household's or one ward's."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ip_network(f"{found}/64", strict=False))


def _start_url(wanted: str | None) -> str:
    """On the portal's own host, to which the provider sends people back and cookies belong."""
    return current.settings().portal_url + url_for("signin.start", next=wanted)


def _provider() -> Provider:
    return cast("Provider", current_app.extensions[PROVIDER])


def _seconds() -> int:
    return int(current.now().timestamp())


def account_id_of(by: Actor) -> int:
    return cast("int", by.account_id)


def remember(deed: Deed, by: Actor) -> None:
    """An entry about the actor's own account."""
    audit.remember(db.session(), by=by, deed=deed, now=current.now(), of=Account.reference(by.ref))
