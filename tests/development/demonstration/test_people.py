"""The people of the demonstration hospital."""

from datetime import date

from sqlalchemy import select

from portal.development.cognito.people import CALLUM_FRASER
from portal.development.demonstration import hospital as demonstration
from portal.models import Account, Patient
from portal.patients.access.actions import claim
from portal.patients.access.codes import hashes_of
from tests.builders import actor_of, context_for
from tests.development.demonstration.hospitals import MONDAY_MORNING, account
from tests.development.demonstration.stage import HOSPITAL, SETTINGS, loaded


def test_the_same_people_are_there_each_time() -> None:
    names = []
    for _ in range(2):
        with loaded(MONDAY_MORNING) as session:
            everybody = select(Patient.family, Patient.given, Patient.birth_date)
            names.append(session.execute(everybody.order_by(Patient.id)).all())

    assert names[0] == names[1]


def test_named_people_can_sign_in_after_the_sign_in_moved_to_another_port() -> None:
    with loaded(MONDAY_MORNING) as session:
        demonstration.follow_sign_in(session, "http://127.0.0.1:8011/local_pool")

        assert set(session.scalars(select(Account.issuer))) == {"http://127.0.0.1:8011/local_pool"}


def test_the_code_that_is_shown_links_the_new_patients_account_once() -> None:
    with loaded(MONDAY_MORNING) as session:
        demonstration.hand_out_code(session, SETTINGS, MONDAY_MORNING)
        code = demonstration.hand_out_code(session, SETTINGS, MONDAY_MORNING)
        assert code is not None

        claim(
            context_for(
                session, actor_of(account(session, CALLUM_FRASER)), MONDAY_MORNING, HOSPITAL
            ),
            hashes=hashes_of(code, SETTINGS.secrets),
            birth_date=date(1997, 6, 2),
        )

        assert demonstration.hand_out_code(session, SETTINGS, MONDAY_MORNING) is None
