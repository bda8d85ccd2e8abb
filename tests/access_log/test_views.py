"""The list of who opened the record: everybody, newest first, in words, page by page."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Deed, Relation, Role
from portal.access_log import queries, rules
from portal.models import Account, Patient
from tests.builders import NOW, a_patient, actor_of, an_account, an_account_of, context_for

SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def patient(database: Session) -> Patient:
    return a_patient(database)


def remembered(database: Session, patient: Patient, account: Account, times: int = 1) -> None:
    for minute in range(times):
        # Several in one minute: the order must not depend only on the time.
        context = context_for(database, actor_of(account), NOW + timedelta(minutes=minute // 3))
        context.remember(Deed.SEE_RECORD, of=f"Patient/{patient.ref}", patient=patient.ref)
    database.commit()


def test_it_says_who_and_why(database: Session, sign_in: SignIn, patient: Patient) -> None:
    nurse = an_account(database, Role.NURSE)
    remembered(database, patient, nurse)
    remembered(database, a_patient(database), an_account(database, Role.DOCTOR, name="Dr Other"))

    page = sign_in(an_account_of(database, patient)).get(f"/patients/{patient.ref}/who-looked")

    assert nurse.name in page.text
    assert "You have an appointment with them or in their clinic" in page.text
    assert "Dr Other" not in page.text


def test_every_entry_is_on_one_page_and_once(
    database: Session, sign_in: SignIn, patient: Patient
) -> None:
    remembered(database, patient, an_account(database, Role.RECEPTION), times=queries.PAGE + 20)
    own = sign_in(an_account_of(database, patient))

    first = own.get(f"/patients/{patient.ref}/who-looked").text
    (older,) = re.findall(r'href="(/patients/[^"]*who-looked\?before=[^"]*)"', first)
    second = own.get(older.replace("&amp;", "&")).text

    lines = [len(re.findall("Reception looks after", text)) for text in (first, second)]
    assert sum(lines) == queries.PAGE + 20
    assert not re.search(r"before=\d", first), "no number of the database in an address"


def test_a_page_after_an_unknown_entry_is_the_first_page(
    database: Session, sign_in: SignIn, patient: Patient
) -> None:
    own = sign_in(an_account_of(database, patient))

    assert own.get(f"/patients/{patient.ref}/who-looked?before=77").status_code == 200


ABOUT_ONESELF = {
    *(Deed.SEE_HOME, Deed.SEE_OWN_SESSIONS, Deed.END_OWN_SESSIONS, Deed.SEND_KEPT_FORM),
    *(Deed.SET_UP_SECOND_STEP, Deed.TURN_OFF_SECOND_STEP, Deed.SIGN_IN, Deed.SIGN_OUT),
    *(Deed.SEE_PEOPLE, Deed.SEARCH_PATIENTS),
}
"""Their entries name no patient."""


def test_everything_that_can_be_done_to_a_patient_has_its_words() -> None:
    """A deed without words would be shown as "something else", which is useless for the patient."""
    about_patients = {
        deed
        for deed in Deed
        if {Relation.THEIR_OWN, Relation.THEIR_PATIENTS}.intersection(deed.who.values())
    }

    assert about_patients - ABOUT_ONESELF - rules.DONE.keys() == set()
