"""Signing in: the redirect to the provider, and the callback."""

import logging
from datetime import timedelta
from ipaddress import ip_address, ip_network

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from portal.access import STAFF, Deed
from portal.context import Context
from portal.database import db
from portal.errors import Refused, TooMany
from portal.signin import own_account, second_step
from portal.signin.kept_forms.rules import BROWSERS_OWN
from portal.signin.provider import CALLBACK, actions, pending, provider_here
from portal.signin.provider.client import Answer
from portal.signin.provider.cookies import know_browser, known_browser
from portal.signin.provider.id_token import Tokens
from portal.signin.provider.person import Person
from portal.signin.provider.refusals import REASONS, STARTED_ELSEWHERE, SignInRefused
from portal.signin.provider.return_path import local_path
from portal.signin.rechecking.tokens import sealed
from portal.signin.second_step import cookies
from portal.signin.second_step.queries import lacks_second_step
from portal.signin.sessions import actions as sessions
from portal.signin.sessions import browsers
from portal.telemetry.measures import SIGN_IN, SIGN_IN_FAILED, measured, measured_when_committed
from portal.web import current
from portal.web.pages import PUBLIC, page
from portal.web.rate_limits import Limit, spend
from portal.web.second_try import again_when_lost

WINDOW = timedelta(minutes=10)

log = logging.getLogger("portal.signin")
views = Blueprint("provider", __name__)


@views.get("/sign-in")
@page(PUBLIC)
def sign_in() -> Response | str:
    wanted = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or url_for("home.home"))
    return render_template("signin/provider/sign_in.html", start_url=start_url(wanted))


@views.get("/sign-in/start")
@page(PUBLIC)
def start() -> Response:
    _require_navigation()
    _count_attempt("start")
    under_way = pending.start(
        session, next=local_path(request.args.get("next")) or "", now=_seconds()
    )
    return redirect(provider_here().authorization_url(under_way))


def start_anew(wanted: str) -> Response:
    """Sends the person to sign in again, and then to `wanted`, where they change their second step."""
    _count_attempt("start")
    under_way = pending.start(session, next=wanted, now=_seconds(), for_second_step=True)
    return redirect(provider_here().authorization_url(under_way))


@views.get(CALLBACK)
@page(PUBLIC, runs_once=True)
def callback() -> Response:
    _count_attempt("callback")
    query, provider = request.args, provider_here()
    answer = Answer(query.get("code"), query.get("error"), query.get("iss"))
    under_way = pending.take(session, query.get("state", ""), now=_seconds())
    if under_way is None:
        # Another tab was faster, or the person went back to this address.
        if current_user.is_authenticated:
            return redirect(url_for("home.home"))
        raise SignInRefused("callback: the state is not one of this browser's", STARTED_ELSEWHERE)
    person, tokens = provider.identify(answer, under_way, now=_seconds())
    # The provider accepts a code only once, so a retry starts from the beginning.
    g.try_again_at = url_for(".start", next=under_way.next or None)
    new = sessions.NewSession(
        browser=browsers.in_plain_words(request.user_agent.string),
        id_token=tokens.id_token if provider.keeps_hint() else None,
        needs_second_step=lacks_second_step(second_step.tokens_here(), person),
        refresh_token=_for_rechecks(person, tokens),
    )
    again_when_lost(lambda: _begin(person, new))
    there = redirect(under_way.next or url_for("home.home"))
    know_browser(there)
    if under_way.for_second_step:
        cookies.begin(there, tokens.access_token, current.actor())
    return there


@views.app_errorhandler(SignInRefused)
def show_refusal(fault: SignInRefused) -> tuple[str, int]:
    log.warning("sign-in refused: %s", fault.reason)
    measured(SIGN_IN_FAILED, SignInsFailed=1, Reason=REASONS[fault.message])
    return render_template("signin/provider/refused.html", message=fault.message), fault.status


def start_url(wanted: str | None) -> str:
    """On the portal's own host: the provider redirects to it, and its cookies belong to it."""
    return current.settings().portal_url + url_for("provider.start", next=wanted)


def _begin(person: Person, new: sessions.NewSession) -> None:
    account = actions.recognise(db.session(), person, now=current.now())
    if current_user.is_authenticated:
        sessions.end_this(current.context())
    context = Context(db.session(), account.actor(), current.hospital(), current.now())
    user = sessions.begin(context, new)
    # Clear the cookie, so that nothing planted in it survives. Sign-ins in other tabs continue.
    others = {name: session[name] for name in (pending.KEY, BROWSERS_OWN) if name in session}
    session.clear()
    session.update(others)
    login_user(user)
    own_account.remember(current.context(), Deed.SIGN_IN)
    measured_when_committed(db.session(), SIGN_IN, SignIns=1)
    # A second try starts here: the provider's code can't be used twice, the rest can.
    db.session.commit()


def _for_rechecks(person: Person, tokens: Tokens) -> str | None:
    """The encrypted refresh token with which the worker rechecks signed-in staff; None for patients."""
    if not person.roles & STAFF:
        return None
    kept = sealed(tokens.refresh_token, current.settings().secrets)
    if kept is None:
        log.warning("the provider gave no refresh token: staff can't be checked again")
    return kept


def _require_navigation() -> None:
    """Raises `Refused` unless the browser navigates here: images in pages of other sites must not use up a
    ward's attempts (W3C, Fetch Metadata)."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        raise Refused("Open this page in a separate browser window.")


def _count_attempt(what: str) -> None:
    """Browsers that have signed in before have their own counter; others share one per address."""
    key = f"sign-in {what} {known_browser() or _network(current.address())}"
    limit = Limit(current.settings().sign_ins_per_address, WINDOW)

    def count() -> None:
        spend(db.session(), key, limit, current.now())
        # Commit now, so that a refused attempt counts and no transaction is open during the request to the
        # provider.
        db.session.commit()

    try:
        again_when_lost(count)
    except TooMany:
        measured(SIGN_IN_FAILED, SignInsFailed=1, Reason="too many attempts")
        raise


def _network(address: str) -> str:
    """The address; for IPv6 its /64 network, which belongs to one household or ward."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ip_network(f"{found}/64", strict=False))


def _seconds() -> int:
    return int(current.now().timestamp())
