"""The page of a note: drafts, signing, two windows."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Note
from portal.vocabulary import CompositionStatus
from tests.appointments.pages import press
from tests.builders.ward import Ward
from tests.records.pages import SCRIPT, Browse, record_of


def note_page(ward: Ward) -> str:
    return record_of(ward, f"/visits/{ward.visit.ref}/note")


def test_a_note_from_draft_to_signature(
    open_ward: Ward, doctor: FlaskClient, sign_in: Browse, database: Session
) -> None:
    page = doctor.get(note_page(open_ward))
    saved = press(doctor, page, "Save draft", body=SCRIPT)
    page = doctor.get(saved.location)
    assert "&lt;img src=x onerror=alert(1)&gt;\nSecond line" in page.text
    assert open_ward.visit.ref in doctor.get("/unsigned-notes").text
    old_tab = doctor.get(note_page(open_ward))
    signed = press(doctor, page, "Sign and close")
    for browser in (doctor, sign_in(open_ward.own)):
        shown = browser.get(signed.location).text
        assert "<img src=x" not in shown
        assert "&lt;img src=x onerror=alert(1)&gt;\nSecond line" in shown
    again = press(doctor, old_tab, "Save draft", body="Changed after signing")
    assert again.status_code == 409
    assert "Changed after signing" in again.text
    database.rollback()
    assert database.scalars(select(Note)).one().body == SCRIPT


@pytest.mark.parametrize(
    ("sentences", "shown"), [(8, f"{'Feels well. ' * 6}Feels well.…"), (7, "Feels well. " * 7)]
)
def test_a_long_note_is_listed_with_its_beginning_and_dots(
    open_ward: Ward, doctor: FlaskClient, sentences: int, shown: str
) -> None:
    page = doctor.get(note_page(open_ward))
    press(doctor, page, "Save draft", body="Feels well. " * sentences)

    for address in (record_of(open_ward), record_of(open_ward, "/notes")):
        assert re.search(rf"> ?{re.escape(shown)}</", doctor.get(address).text)


def test_the_script_saves_and_another_window_is_told(
    open_ward: Ward, doctor: FlaskClient, monkeypatch: pytest.MonkeyPatch, database: Session
) -> None:
    monkeypatch.setitem(doctor.application.config, "WTF_CSRF_ENABLED", False)
    address = f"{note_page(open_ward)}/draft"
    sent = {"body": "One", "version": "0", "window": "a" * 32, "number": "1"}
    assert doctor.post(address, data=sent).json == {"version": 1, "at": "10am"}
    assert doctor.post(address, data={**sent, "body": "Two", "number": "2"}).status_code == 200
    other = doctor.post(address, data={**sent, "window": "b" * 32})
    assert (other.status_code, "another window" in other.get_json()["error"]) == (409, True)
    assert doctor.post(address, data={**sent, "body": "x" * 20_001}).status_code == 400
    database.rollback()
    (note,) = database.scalars(select(Note)).all()
    assert (note.body, note.status) == ("Two", CompositionStatus.PRELIMINARY)


def test_a_note_in_two_windows_keeps_both_texts_on_the_page(
    open_ward: Ward, doctor: FlaskClient
) -> None:
    one, other = doctor.get(note_page(open_ward)), doctor.get(note_page(open_ward))
    press(doctor, one, "Save draft", body="Written at the desk")
    told = press(doctor, other, "Save draft", body="Written at the bedside")
    assert told.status_code == 409
    assert "Written at the desk" in told.text
    assert "Written at the bedside" in told.text
    assert press(doctor, told, "Save draft", body="Both").status_code == 303
