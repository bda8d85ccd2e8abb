"""Sending a form twice gives the first outcome, once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask, Response, flash, redirect, request
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import create_app
from portal.access import Deed, Role
from portal.database import db
from portal.errors import Refused
from portal.models import Account, Location, Submission
from portal.web import guard, submissions
from tests.hospital import an_account
from tests.settings import settings_for

attempts: list[str] = []


def found_a_clinic() -> Response | str:
    """A form that founds a clinic; names decide how it ends."""
    name = request.form["name"]
    attempts.append(name)
    if name == "deadlock" and attempts.count("deadlock") < 3:
        raise OperationalError("UPDATE", {}, Exception(1213, "Deadlock found"))
    if name == "refused":
        raise Refused("There are enough clinics.")
    if name == "mistyped":
        return Response("Enter another name", status=400)
    db.session.add(Location(name=f"{name} {len(attempts)}" if name == "twin" else name))
    db.session.flush()
    flash(f"{name} is founded")
    return redirect(f"/clinics/{name}-{len(attempts)}", code=303)


@pytest.fixture
def app(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A portal with one more route."""
    attempts.clear()
    original = guard.install

    def install(app: Flask) -> None:
        view = guard.deed(Deed.SEE_HOME)(found_a_clinic)
        app.add_url_rule("/found", "found", view, methods=["POST"])
        original(app)

    monkeypatch.setattr(guard, "install", install)
    app = create_app(settings_for(database_url))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def person(database: Session) -> Account:
    return an_account(database, Role.RECEPTION)


@pytest.fixture
def browser(person: Account, sign_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return sign_in(person)


def send(browser: FlaskClient, name: str, key: str) -> tuple[int, str | None]:
    answer = browser.post("/found", data={"name": name, "submission": key})
    return answer.status_code, answer.location


def how_many(database: Session, model: type[Location | Submission]) -> int:
    database.rollback()
    return database.scalar(select(func.count()).select_from(model)) or 0


def test_the_second_time_gives_the_first_answer(browser: FlaskClient, database: Session) -> None:
    key = submissions.new_key()

    first, second = send(browser, "North", key), send(browser, "North", key)

    assert first == second == (303, "/clinics/North-1")
    assert how_many(database, Location) == how_many(database, Submission) == 1
    with browser.session_transaction() as cookie:
        assert cookie["_flashes"][-1] == ("message", "North is founded")


def test_what_could_be_done_twice_is_done_once(browser: FlaskClient, database: Session) -> None:
    key = submissions.new_key()

    assert send(browser, "twin", key) == send(browser, "twin", key)
    assert how_many(database, Location) == 1


def test_twenty_at_once_give_one_clinic_and_twenty_times_the_same_answer(
    app: Flask, person: Account, sign_in: Callable[[Account], FlaskClient], database: Session
) -> None:
    key = submissions.new_key()
    browsers = [sign_in(person) for _ in range(20)]

    with ThreadPoolExecutor(20) as threads:
        answers = set(threads.map(lambda browser: send(browser, "twin", key), browsers))

    assert len(answers) == 1
    assert answers.pop()[0] == 303
    assert how_many(database, Location) == how_many(database, Submission) == 1


def test_what_was_refused_may_be_sent_again(browser: FlaskClient, database: Session) -> None:
    key = submissions.new_key()

    assert send(browser, "refused", key)[0] == 409
    assert send(browser, "mistyped", key)[0] == 400
    assert how_many(database, Submission) == 0
    assert send(browser, "North", key)[0] == 303


def test_somebody_elses_key_opens_nothing(
    browser: FlaskClient, sign_in: Callable[[Account], FlaskClient], database: Session
) -> None:
    key = submissions.new_key()
    send(browser, "North", key)

    other = sign_in(an_account(database, Role.RECEPTION))

    assert send(other, "South", key) == (409, None)
    assert how_many(database, Location) == 1


@pytest.mark.parametrize("key", ["", "short", "Z" * 32, "0" * 33])
def test_a_form_without_its_key_is_not_taken(browser: FlaskClient, key: str) -> None:
    assert send(browser, "North", key)[0] == 409
    assert attempts == []


def test_a_transaction_that_had_to_give_way_is_run_again(browser: FlaskClient) -> None:
    assert send(browser, "deadlock", submissions.new_key())[0] == 303
    assert attempts == ["deadlock"] * 3


def test_what_a_lost_reply_had_kept_is_not_run_again(
    browser: FlaskClient, database: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The view may do more than the database knows, such as make an account at the provider."""
    commit = db.session.commit

    def commit_and_hear_nothing() -> None:
        commit()
        monkeypatch.undo()
        raise OperationalError("COMMIT", {}, Exception(2013), connection_invalidated=True)

    monkeypatch.setattr(db.session, "commit", commit_and_hear_nothing)

    assert send(browser, "North", submissions.new_key()) == (303, "/clinics/North-1")
    assert attempts == ["North"]


def test_a_key_is_kept_with_who_sent_it_and_where_it_led(
    browser: FlaskClient, person: Account, database: Session
) -> None:
    key = submissions.new_key()
    send(browser, "North", key)

    kept = database.get_one(Submission, key)

    assert (kept.account_id, kept.location) == (person.id, "/clinics/North-1")
    assert (datetime.now(UTC) - kept.created_at).total_seconds() < 60
