"""The pages that people see: authorize, login and Cognito's own logout."""

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.development.cognito import one_time_codes
from portal.development.cognito.accounts import Account
from portal.development.cognito.authorization import authorization_server
from portal.development.cognito.hosted_session import begin_session, end_session, signed_in_person
from portal.development.cognito.id_tokens import SignedIn
from portal.development.cognito.people import NAMED_PEOPLE
from portal.development.cognito.pool import UserPool, current_pool
from portal.development.cognito.refusals import refuse

hosted = Blueprint("hosted", __name__)


@hosted.get("/oauth2/authorize")
def authorize() -> ResponseReturnValue:
    person = signed_in_person(current_pool())
    try:
        grant = _granted(person)
    except OAuth2Error as error:
        return _refused(error)
    if not person or grant.prompt:
        return redirect(f"{url_for('hosted.login')}?{request.query_string.decode()}")
    return _back_to_the_portal(grant, person)


@hosted.get("/login")
def login() -> ResponseReturnValue:
    try:
        _granted(None)
    except OAuth2Error as error:
        return _refused(error)
    return _login_page()


@hosted.post("/login")
def choose_person() -> ResponseReturnValue:
    pool = current_pool()
    account = pool.accounts.find(request.form.get("username", ""))
    if not account:
        return _login_page("There is no such person. Choose one from the list."), 400
    if not account.enabled:
        return _login_page(f"{account.name} is disabled and cannot sign in."), 400
    try:
        grant = _granted(None)
    except OAuth2Error as error:
        return _refused(error)
    problem = _wrong_code(pool, account)
    if problem is not None:
        return _code_page(account, problem), 400 if problem else 200
    pool.accounts.set_status(account.sub, "CONFIRMED")
    return _back_to_the_portal(grant, begin_session(pool, account))


@hosted.get("/logout")
def logout() -> ResponseReturnValue:
    settings = current_pool().settings
    target = request.args.get("logout_uri", "")
    if request.args.get("client_id") != settings.client_id:
        return refuse("This sign-out link names a client that is not known here.")
    if target not in settings.logout_urls:
        return refuse("This sign-out link leads to an address that is not on the allowed list.")
    end_session()
    return redirect(target)


def _wrong_code(pool: UserPool, account: Account) -> str | None:
    """What is wrong with the code; empty if no code came yet; None if it is right or not needed."""
    code = "".join(request.form.get("code", "").split())
    if not account.asks_for_code:
        return None
    if not code:
        return "" if "code" not in request.form else "Enter the code that your app shows."
    right = one_time_codes.fits(str(account.software_token), code, pool.settings.now())
    return None if right else "This is not the code that your app shows now."


def _code_page(account: Account, problem: str) -> str:
    return render_template("code.html", account=account, problem=problem)


def _granted(person: SignedIn | None) -> AuthorizationCodeGrant:
    return authorization_server().get_consent_grant(end_user=person)


def _back_to_the_portal(grant: AuthorizationCodeGrant, person: SignedIn) -> ResponseReturnValue:
    response: ResponseReturnValue = authorization_server().create_authorization_response(
        grant_user=person, grant=grant
    )
    return response


def _refused(error: OAuth2Error) -> ResponseReturnValue:
    # Without a redirect address the client itself is in doubt, so there is no redirect.
    if not error.redirect_uri:
        return refuse(error.get_error_description() or error.error)
    response: ResponseReturnValue = authorization_server().handle_error_response(None, error)
    return response


def _login_page(problem: str | None = None) -> str:
    accounts = current_pool().accounts
    named = [(person, accounts.find(person.sub)) for person in NAMED_PEOPLE]
    subs = {person.sub for person in NAMED_PEOPLE}
    return render_template(
        "login.html",
        patients=[(person, account) for person, account in named if not person.group],
        staff=[(person, account) for person, account in named if person.group],
        created=[account for account in accounts.all() if account.sub not in subs],
        problem=problem,
    )
