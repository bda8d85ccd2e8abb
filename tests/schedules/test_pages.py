"""Every page of the administrator opens only for them, needs few statements and is audited."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from portal.vocabulary import SlotStatus
from tests.builders import an_account, audited, audited_deeds
from tests.builders.tuesdays import Clinic
from tests.schedules.pages import HOME

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE
TUESDAY = date(2026, 3, 10)


def pages(open_clinic: Clinic) -> list[str]:
    practitioner = f"{HOME}/practitioners/{open_clinic.practitioner.ref}"
    place = f"{HOME}/clinics/{open_clinic.location.ref}"
    schedule = f"{HOME}/schedules/{open_clinic.schedule.ref}"
    return [
        f"{HOME}/clinics",
        f"{HOME}/clinics/new",
        place,
        f"{place}/close",
        f"{HOME}/practitioners",
        f"{HOME}/practitioners/new",
        practitioner,
        f"{practitioner}/deactivate",
        f"{practitioner}/week",
        f"{practitioner}/schedules/new",
        f"{HOME}/schedules",
        f"{schedule}/change",
        f"{schedule}/end",
        f"{HOME}/exceptions",
        f"{HOME}/exceptions/leave/new",
        f"{HOME}/exceptions/closures/new",
        f"{HOME}/exceptions/extra/new",
        f"{HOME}/exceptions/bank-holidays",
    ]


def test_every_page_opens_in_few_statements_and_is_audited(
    administrator: FlaskClient, open_clinic: Clinic, engine: Engine, database: Session
) -> None:
    for address in pages(open_clinic):
        asked: list[str] = []

        def note(*arguments: object, asked: list[str] = asked) -> None:
            asked.append(str(arguments[2]))

        before = len(audited(database))
        database.rollback()
        event.listen(engine, "before_cursor_execute", note)
        answer = administrator.get(address)
        event.remove(engine, "before_cursor_execute", note)

        assert answer.status_code == 200, address
        assert len(asked) <= 8, (address, asked)
        deeds = audited_deeds(database)[before:]
        if not address.endswith("/new") or address.endswith("/schedules/new"):
            assert deeds, address
        database.rollback()


@pytest.mark.parametrize("role", [Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.RECEPTION])
def test_nobody_else_gets_in(
    database: Session, open_clinic: Clinic, sign_in: Callable[[Account], FlaskClient], role: Role
) -> None:
    browser = sign_in(an_account(database, role))

    for address in pages(open_clinic):
        assert browser.get(address).status_code == 403, address


def test_unknown_things_are_not_found(administrator: FlaskClient) -> None:
    for ref in ("0" * 20, "ü" * 20, "'" * 20):
        for address in (
            f"clinics/{ref}",
            f"clinics/{ref}/close",
            f"practitioners/{ref}",
            f"practitioners/{ref}/week",
            f"practitioners/{ref}/schedules/new",
            f"schedules/{ref}/change",
            f"exceptions/{ref}/end",
        ):
            assert administrator.get(f"{HOME}/{address}").status_code == 404, address
