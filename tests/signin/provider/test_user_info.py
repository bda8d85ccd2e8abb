"""Userinfo is asked for what the ID token leaves out, and used for nothing else."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Account
from tests.signin.portal_flow import Visit, refusal_in
from tests.signin.standard_provider import StandardProvider

SILENT = {"name": None, "email": None}


def test_it_fills_in_name_email_and_groups(
    visit: Visit, standard: StandardProvider, database: Session
) -> None:
    standard.claims = SILENT
    standard.user_info = {
        "sub": "subject-1",
        "given_name": "Ingrid",
        "family_name": "Berg",
        "email": "berg@example.org",
        "groups": ["nurse"],
    }

    visit.sign_in()

    account = database.scalars(select(Account)).one()
    assert (account.name, account.email) == ("Ingrid Berg", "berg@example.org")
    assert account.role_values == "nurse"


def test_the_id_token_overrides_userinfo(
    visit: Visit, standard: StandardProvider, database: Session
) -> None:
    standard.claims = {"email": None, "groups": []}
    standard.user_info = {"sub": "subject-1", "name": "Other", "groups": ["doctor"], "iss": "x"}

    visit.sign_in()

    account = database.scalars(select(Account)).one()
    assert (account.issuer, account.name) == (standard.issuer, "Ingrid Solheim")
    assert account.role_values == "patient"


def test_it_is_not_asked_without_need(visit: Visit, standard: StandardProvider) -> None:
    standard.claims = {"groups": []}
    standard.asked.clear()

    visit.sign_in()

    assert "/userinfo" not in standard.asked


@pytest.mark.parametrize("user_info", [{"sub": "subject-2", "name": "Other"}, {"name": "Other"}])
def test_it_must_speak_of_the_same_person(
    visit: Visit,
    standard: StandardProvider,
    database: Session,
    caplog: pytest.LogCaptureFixture,
    user_info: dict[str, Any],
) -> None:
    standard.claims, standard.user_info = SILENT, user_info

    assert visit.sign_in().status_code == 400
    assert refusal_in(caplog).endswith("userinfo: sub is not the ID token's")
    assert database.scalar(select(func.count()).select_from(Account)) == 0


@pytest.mark.parametrize("refused", [401, 403, 429])
def test_a_refusal_makes_no_patient_of_staff(
    visit: Visit, standard: StandardProvider, database: Session, refused: int
) -> None:
    standard.claims = {"groups": ["doctor"]}
    assert visit.sign_in().status_code == 302
    standard.claims, standard.user_info = {}, refused

    assert visit.sign_in().status_code == 503
    assert database.scalars(select(Account.role_values)).one() == "doctor"


@pytest.mark.parametrize("refused", [401, 403, 429])
def test_a_refusal_keeps_nobody_out_whose_groups_are_known(
    visit: Visit, standard: StandardProvider, refused: int
) -> None:
    standard.claims, standard.user_info = {**SILENT, "groups": []}, refused

    assert visit.sign_in().status_code == 302


def test_a_provider_without_userinfo_keeps_nobody_out(
    visit: Visit, standard: StandardProvider, database: Session
) -> None:
    standard.claims, standard.user_info = SILENT, 404

    assert visit.sign_in().status_code == 302
    assert database.scalars(select(Account.name)).one() == "Name not known"


def test_an_outage_takes_nobodys_groups_away(
    visit: Visit,
    standard: StandardProvider,
    database: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    standard.user_info = 503

    answer = visit.sign_in()

    assert answer.status_code == 503
    assert refusal_in(caplog).endswith("userinfo: HTTPError 503")
    assert database.scalar(select(func.count()).select_from(Account)) == 0


def test_a_known_name_stays_when_userinfo_has_none(
    visit: Visit, standard: StandardProvider, database: Session
) -> None:
    visit.sign_in()
    standard.claims = SILENT

    visit.sign_in()

    assert database.scalars(select(Account.name)).one() == "Ingrid Solheim"
