"""What an administrator sees of notices, and sending them again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, Notice
from portal.vocabulary import NoticeState, Occasion
from tests.appointments.pages import forms_on, press
from tests.builders import a_notice, a_patient, an_account, an_appointment_of, as_it_stands, audited
from tests.html5 import well_formed

NOTICES = "/administration/notices"
State = NoticeState


@pytest.fixture
def browser(database: Session, sign_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return sign_in(an_account(database, Role.ADMINISTRATOR))


def a_failed_notice(database: Session, **facts: object) -> Notice:
    patient = a_patient(database, given="Amina", family="Okafor", email="amina@example.org")
    notice = a_notice(
        database,
        an_appointment_of(database, patient),
        Occasion.REMINDER,
        **{"state": State.FAILED, "attempts": 6, "last_error": "No answer.", **facts},
    )
    database.commit()
    return notice


def test_failures_are_shown_without_the_patient(database: Session, browser: FlaskClient) -> None:
    a_failed_notice(database)

    page = browser.get(NOTICES)

    text = well_formed(page)
    for shown in ("Reminder", "No answer.", "6", "Failed (1)"):
        assert shown in text
    for hidden in ("Amina", "Okafor", "amina@", "Lindqvist", "oncology", "Clinic "):
        assert hidden not in page.text


@pytest.mark.parametrize("state", ["failed", "waiting", "dropped", "sent"])
def test_each_state_has_its_page(database: Session, browser: FlaskClient, state: str) -> None:
    sent_at = datetime.now(UTC) if state == "sent" else None
    a_failed_notice(database, state=State(state), sent_at=sent_at)

    assert "Reminder" in well_formed(browser.get(NOTICES, query_string={"state": state}))
    database.query(Notice).delete()
    database.commit()
    assert "No notice" in well_formed(browser.get(NOTICES, query_string={"state": state}))


@pytest.mark.parametrize(
    "query",
    [{"state": "sending"}, {"state": "x" * 999}, {"page": "x"}, {"page": "9" * 30}],
    ids=str,
)
def test_any_state_and_any_page_number_give_a_page(
    browser: FlaskClient, query: dict[str, str]
) -> None:
    page = browser.get(NOTICES, query_string=query)

    assert page.status_code == 200
    well_formed(page)


def test_the_button_sends_it_again(database: Session, browser: FlaskClient) -> None:
    notice = a_failed_notice(database)
    page = browser.get(NOTICES)

    answer = press(browser, page, "Send again")
    again = press(browser, page, "Send again")

    assert answer.location == again.location == NOTICES
    after = as_it_stands(database, notice)
    assert (after.state, after.attempts) == (State.WAITING, 6)
    assert abs(after.due_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert "sent again within" in well_formed(browser.get(NOTICES))
    steps = [entry.detail["step"] for entry in audited(database) if entry.detail]
    assert steps.count("send again") == 1


def test_a_notice_that_another_administrator_sent_again_says_so(
    database: Session, browser: FlaskClient
) -> None:
    notice = a_failed_notice(database)
    page = browser.get(NOTICES)
    notice.state = State.SENT
    database.commit()

    answer = press(browser, page, "Send again")

    assert answer.status_code == 409
    assert "Now: Reminder, sent, 6 attempts" in well_formed(answer)
    assert as_it_stands(database, notice).state is State.SENT


def test_an_unknown_notice_is_not_found(database: Session, browser: FlaskClient) -> None:
    a_failed_notice(database)
    (form,) = [one for one in forms_on(browser.get(NOTICES)) if one.address.endswith("send-again")]

    answer = browser.post(f"{NOTICES}/{'0' * 20}/send-again", data=form.fields)

    assert answer.status_code == 404


def test_all_failed_notices_are_sent_again_at_once(database: Session, browser: FlaskClient) -> None:
    failed = [a_failed_notice(database) for _ in range(3)]
    dropped = a_failed_notice(database, state=State.DROPPED)

    press(browser, browser.get(NOTICES), "Send all 3 again")

    assert "3 notices will be sent again" in well_formed(browser.get(NOTICES))
    assert {as_it_stands(database, notice).state for notice in failed} == {State.WAITING}
    assert as_it_stands(database, dropped).state is State.DROPPED


def test_a_worker_that_stopped_is_shown(database: Session, browser: FlaskClient) -> None:
    now = datetime.now(UTC)
    notice = a_failed_notice(database, state=State.WAITING, due_at=now - timedelta(minutes=14))
    assert "worker" not in well_formed(browser.get(NOTICES))

    notice.due_at = now - timedelta(minutes=16)
    database.commit()

    assert "the worker may have stopped" in well_formed(browser.get(NOTICES))


@pytest.mark.parametrize("role", [Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.RECEPTION])
def test_others_do_not_get_in(
    database: Session, sign_in: Callable[[Account], FlaskClient], role: Role
) -> None:
    assert sign_in(an_account(database, role)).get(NOTICES).status_code == 403
