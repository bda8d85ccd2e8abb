"""Sending a form twice does it once and gives the first answer."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, Response, flash, redirect, request
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import create_app
from portal.access import Deed, Role
from portal.database import db
from portal.errors import Refused
from portal.models import Account, Location, Submission
from portal.web import guard, submissions
from portal.web.pages import page
from tests.builders import an_account
from tests.settings import settings_for

attempts: list[str] = []
GIVES_WAY = {"deadlock": (1213, 2), "lock wait": (1205, 1)}
"""MySQL's errors after which the same transaction is right the next time, and how often each comes."""


def found_a_clinic() -> ResponseReturnValue:
    """A form that founds a clinic; names decide how it ends."""
    name = request.form["name"]
    attempts.append(name)
    number, times = GIVES_WAY.get(name, (0, 0))
    if attempts.count(name) <= times:
        raise OperationalError("UPDATE", {}, Exception(number, "try again"))
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
        view = page(Deed.SEE_HOME)(found_a_clinic)
        for at in ("/found", "/found/elsewhere"):
            app.add_url_rule(at, at, view, methods=["POST"])
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


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"name": "South"}},
        {"data": {"name": "North", "more": "1"}},
        {"data": {"name": ["North", "North"]}},
        {"path": "/found/elsewhere"},
        {"path": "/found?version=2"},
        {"data": {"name": "refused"}},
        {"data": {"name": "mistyped"}},
    ],
    ids=str,
)
def test_a_key_does_not_fit_another_form(
    browser: FlaskClient, database: Session, change: dict[str, Any]
) -> None:
    key = submissions.new_key()
    send(browser, "North", key)

    path, data = change.get("path", "/found"), change.get("data", {"name": "North"})
    answer = browser.post(path, data={**data, "submission": key})

    assert answer.status_code == 409
    assert "This form was sent before, with something else in it" in answer.text
    assert how_many(database, Location) == how_many(database, Submission) == 1


def test_what_differs_at_each_sending_makes_no_other_form(
    browser: FlaskClient, database: Session
) -> None:
    key = submissions.new_key()
    send(browser, "North", key)

    again = {"name": "North", "submission": key, "tried": "3", "csrf_token": "another"}
    answer = browser.post("/found", data=again)

    assert (answer.status_code, answer.location) == (303, "/clinics/North-1")


def test_a_key_of_the_release_before_says_nothing_about_its_form(
    browser: FlaskClient, database: Session
) -> None:
    key = submissions.new_key()
    send(browser, "North", key)
    database.execute(update(Submission).values(content_hash=None))
    database.commit()

    assert send(browser, "South", key) == (303, "/clinics/North-1")


def test_another_persons_key_is_refused(
    browser: FlaskClient, sign_in: Callable[[Account], FlaskClient], database: Session
) -> None:
    key = submissions.new_key()
    send(browser, "North", key)

    other = sign_in(an_account(database, Role.RECEPTION))

    assert send(other, "South", key) == (409, None)
    assert how_many(database, Location) == 1


@pytest.mark.parametrize("key", ["", "short", "Z" * 32, "0" * 33])
def test_a_form_without_its_key_is_refused(browser: FlaskClient, key: str) -> None:
    assert send(browser, "North", key)[0] == 409
    assert attempts == []


@pytest.mark.parametrize("why", GIVES_WAY)
def test_a_transaction_that_the_database_rolled_back_is_run_again(
    browser: FlaskClient, why: str
) -> None:
    assert send(browser, why, submissions.new_key())[0] == 303
    assert attempts == [why] * (1 + GIVES_WAY[why][1])


def test_a_form_that_was_committed_before_its_reply_was_lost_is_not_run_again(
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
