"""The list of own sign-ins, ending them, and staying signed in."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, SignInSession
from tests.builders import NOW, an_account, audited_deeds
from tests.signin.portal_flow import Visit, live_sessions


def test_the_list_of_own_sign_ins(portal: Flask, visit: Visit, database: Session) -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36"
    visit.sign_in()
    other = Visit(portal.test_client())
    other.browser.environ_base["HTTP_USER_AGENT"] = windows
    other.sign_in()

    page = visit.browser.get("/sign-ins").text

    assert page.count("This browser") == 1
    assert "Chrome on Windows" in page
    [path] = re.findall(r'action="(/sign-ins/[0-9a-f]{20}/end)"', page)
    ended = visit.post(path)
    assert (ended.status_code, ended.location) == (303, "/sign-ins")
    assert "You are signed out there." in visit.browser.get("/sign-ins").text
    assert other.browser.get("/sign-ins").location == "/session-ended?next=/sign-ins"
    assert "end own sessions" in audited_deeds(database)


def test_nobody_ends_somebody_elses_sign_in(
    visit: Visit, database: Session, sign_in: Callable[[Account], FlaskClient]
) -> None:
    sign_in(an_account(database, Role.DOCTOR))
    theirs = database.scalars(select(SignInSession.ref)).one()
    visit.sign_in()

    assert visit.post(f"/sign-ins/{theirs}/end").status_code == 404
    assert visit.post(f"/sign-ins/{'0' * 20}/end").status_code == 404
    assert live_sessions(database) == 2
    assert theirs not in visit.browser.get("/sign-ins").text


def test_signing_out_everywhere(portal: Flask, visit: Visit, database: Session) -> None:
    others = [Visit.to(portal) for _ in range(2)]
    for one in (visit, *others):
        one.sign_in()

    answer = visit.post("/sign-ins/end-all")

    assert answer.status_code == 200
    assert "/end-session?" in answer.text
    assert live_sessions(database) == 0
    for one in (visit, *others):
        assert one.browser.get("/sign-ins").status_code == 302


def test_how_long_it_lasts_and_staying(visit: Visit, database: Session) -> None:
    assert visit.browser.get("/session/remaining").json == {"seconds": 0, "final": True}
    visit.sign_in()
    visit.browser.get("/sign-ins")
    page = visit.browser.get("/sign-ins").text
    assert "If you do nothing, you will be signed out at" in page
    half_an_hour = {"seconds": pytest.approx(1795, abs=5), "final": False}
    assert visit.browser.get("/session/remaining").json == half_an_hour

    database.execute(update(SignInSession).values(idle_seconds=90))
    database.commit()
    assert visit.browser.get("/session/remaining").get_json()["seconds"] <= 90
    database.execute(update(SignInSession).values(idle_seconds=1800))
    database.commit()
    token = visit.csrf_token()
    stayed = visit.browser.post("/session/stay", data={"csrf_token": token})
    assert stayed.json == {"seconds": 1800, "final": False}
    assert visit.browser.post("/session/stay").status_code == 400


def test_a_request_by_the_pages_script_does_not_count_as_activity(
    visit: Visit, database: Session
) -> None:
    visit.sign_in()
    idle_since = datetime.now(UTC) - timedelta(minutes=10)
    database.execute(update(SignInSession).values(last_seen_at=idle_since))
    database.commit()

    for _ in range(2):
        left = visit.browser.get("/session/remaining").get_json()["seconds"]
        assert left == pytest.approx(20 * 60, abs=15)
    visit.browser.get("/sign-ins")
    assert visit.browser.get("/session/remaining").get_json()["seconds"] > 29 * 60


def test_staying_goes_no_further_than_the_absolute_limit(visit: Visit, database: Session) -> None:
    visit.sign_in()
    token = visit.csrf_token()
    began = database.scalars(select(SignInSession.created_at)).one()
    in_an_hour = began + timedelta(hours=1)
    database.execute(update(SignInSession).values(idle_seconds=7200, expires_at=in_an_hour))
    database.commit()

    stayed = visit.browser.post("/session/stay", data={"csrf_token": token})

    assert stayed.get_json()["final"] is True
    assert 3500 < stayed.get_json()["seconds"] <= 3600


def test_somebody_whose_session_ended_is_told_so(visit: Visit, database: Session) -> None:
    visit.sign_in()
    database.execute(update(SignInSession).values(ended_at=NOW))
    database.commit()

    sent = visit.browser.get("/sign-ins")
    assert sent.location == "/session-ended?next=/sign-ins"
    page = visit.browser.get(sent.location)
    assert "You have been signed out" in page.text
    assert 'href="http://127.0.0.1:8000/sign-in/start?next=/sign-ins"' in page.text
    # Told once; afterwards this is just a browser in which nobody is signed in.
    assert visit.browser.get("/sign-ins").location == "/sign-in?next=/sign-ins"
