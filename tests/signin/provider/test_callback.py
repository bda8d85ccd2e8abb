"""Coming back from the provider: what must match, and what happens when it does not."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.models import Account, SignInSession
from tests.builders import NOW, audited
from tests.signin.portal_flow import Visit, portal_with, refusal_in
from tests.signin.standard_provider import StandardProvider, running_standard_provider


def test_the_request_has_pkce_state_and_nonce(visit: Visit) -> None:
    first, second = (parse_qs(urlsplit(visit.start()).query) for _ in range(2))

    assert first["response_type"] == ["code"]
    assert first["code_challenge_method"] == ["S256"]
    assert first["scope"] == ["openid email profile"]
    assert first["prompt"] == ["login"]
    assert first["max_age"] == ["0"]
    assert first["redirect_uri"] == ["http://127.0.0.1:8000/sign-in/callback"]
    for secret in ("state", "nonce", "code_challenge"):
        assert len(first[secret][0]) >= 32
        assert first[secret] != second[secret]


def test_a_first_sign_in_makes_a_patients_account(visit: Visit, database: Session) -> None:
    answer = visit.sign_in()

    assert answer.location == "/"
    account = database.scalars(select(Account)).one()
    assert (account.name, account.email) == ("Ingrid Solheim", "ingrid.solheim@example.org")
    assert account.role_values == "patient"
    (entry,) = audited(database)
    session = database.scalars(select(SignInSession)).one()
    assert (entry.deed, entry.actor_ref) == ("sign in", account.ref)
    assert (entry.entity, entry.session_ref) == (f"Account/{account.ref}", session.ref)


def test_name_and_roles_are_those_of_the_last_sign_in(
    portal: Flask, standard: StandardProvider, database: Session
) -> None:
    standard.claims = {"groups": ["doctor", "gardener"]}
    Visit.to(portal).sign_in()
    before = database.scalars(select(Account)).one()
    assert before.role_values == "doctor"

    standard.claims = {"name": "Ingrid Berg", "email": None}
    Visit.to(portal).sign_in()

    database.rollback()
    after = database.scalars(select(Account)).one()
    assert (after.id, after.name, after.email) == (before.id, "Ingrid Berg", None)
    assert after.role_values == "patient"


def test_other_roles_end_the_sessions_that_began_without_them(
    portal: Flask, standard: StandardProvider
) -> None:
    earlier, same = Visit.to(portal), Visit.to(portal)
    earlier.sign_in()
    same.sign_in()
    assert earlier.browser.get("/sign-ins").status_code == 200

    standard.claims = {"groups": ["nurse"]}
    promoted = Visit.to(portal)
    promoted.sign_in()

    statuses = [one.browser.get("/sign-ins").status_code for one in (earlier, same, promoted)]
    assert statuses == [302, 302, 200]


@pytest.mark.parametrize("auth_time", [None, 1_000_000_000])
def test_staff_must_have_signed_in_again_at_the_provider(
    visit: Visit, standard: StandardProvider, auth_time: int | None
) -> None:
    """For example when somebody removes `prompt=login` from the address at a shared computer."""
    standard.claims = {"groups": ["nurse"], "auth_time": auth_time}
    assert visit.sign_in().status_code == 400

    standard.claims = {"auth_time": auth_time}
    assert visit.sign_in().status_code == 302, "a patient's own device may remember them"


def test_the_same_subject_elsewhere_is_somebody_else(visit: Visit, database: Session) -> None:
    database.add(
        Account(
            issuer="https://elsewhere.example",
            subject="subject-1",
            name="Somebody Else",
            email="ingrid.solheim@example.org",
            role_values="administrator",
            created_at=NOW,
        )
    )
    database.commit()

    visit.sign_in()

    roles = select(Account.name, Account.role_values).order_by(Account.id)
    assert database.execute(roles).all() == [
        ("Somebody Else", "administrator"),
        ("Ingrid Solheim", "patient"),
    ]


def test_a_disabled_account_stays_out(
    portal: Flask, visit: Visit, database: Session, caplog: pytest.LogCaptureFixture
) -> None:
    Visit.to(portal).sign_in()
    database.execute(update(Account).values(disabled_at=NOW))
    database.commit()

    answer = visit.sign_in()

    assert answer.status_code == 403
    assert "Your account is switched off, so you are not signed in." in answer.text
    assert refusal_in(caplog) == "sign-in refused: the account is disabled"
    assert database.scalar(select(func.count()).select_from(SignInSession)) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": None}, "the state is not one of this browser's"),
        ({"state": "made up"}, "the state is not one of this browser's"),
        ({"state": "ünknown"}, "the state is not one of this browser's"),
        ({"code": None}, "the provider answered an error of no known form"),
        ({"code": None, "error": "access_denied"}, "the provider answered access_denied"),
        ({"error": "server_error"}, "the provider answered server_error"),
        ({"error": "Ingrid\nforged line"}, "the provider answered an error of no known form"),
        ({"code": "made up"}, "token endpoint: invalid_grant"),
        ({"iss": "https://elsewhere.example"}, "iss is not the provider's issuer"),
        ({"iss": ""}, "iss is not the provider's issuer"),
    ],
    ids=str,
)
def test_an_answer_that_does_not_match_is_refused(
    visit: Visit,
    standard: StandardProvider,
    database: Session,
    caplog: pytest.LogCaptureFixture,
    changes: dict[str, str | None],
    reason: str,
) -> None:
    standard.callback_query = changes

    answer = visit.sign_in()

    assert answer.status_code == 400
    assert refusal_in(caplog).endswith(reason)
    assert 'href="/sign-in"' in answer.text
    assert database.scalar(select(func.count()).select_from(Account)) == 0


def test_a_provider_that_announces_iss_must_send_it(
    database_url: str, database: Session, caplog: pytest.LogCaptureFixture
) -> None:
    names_itself = {"authorization_response_iss_parameter_supported": True}
    with (
        running_standard_provider(published=names_itself) as provider,
        portal_with(provider, database_url) as app,
    ):
        silent = Visit.to(app).sign_in()
        provider.sends_iss = True
        open_ = Visit.to(app).sign_in()

    assert (silent.status_code, open_.status_code) == (400, 302)
    assert refusal_in(caplog).endswith("iss is not the provider's issuer")
