"""Two clinics with staff, whose lists were written; and a browser that reads them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, Location
from portal.settings.hospital import Hospital
from tests.builders import a_clinician, a_location, a_patient, a_slot, an_account, an_appointment

Browsers = Callable[[Account], FlaskClient]


HOSPITAL = Hospital()


class Ward:
    """Two clinics with a patient each: Amina here, Tomasz elsewhere."""

    def __init__(self, records: Session, now: datetime) -> None:
        self.here, self.elsewhere = (
            a_location(records, name="Heart clinic"),
            a_location(records, name="Bone clinic"),
        )
        self.nurse, nurse = a_clinician(records, Role.NURSE, [self.here])
        _, stranger = a_clinician(records, Role.DOCTOR, [self.elsewhere])
        self.reception = an_account(records, Role.RECEPTION)
        self.patient = an_account(records, Role.PATIENT)
        self.administrator = an_account(records, Role.ADMINISTRATOR)
        for place, who, given in (
            (self.here, nurse, "Amina"),
            (self.elsewhere, stranger, "Tomasz"),
        ):
            begins = HOSPITAL.day(HOSPITAL.today(now))[0] + timedelta(hours=12)
            slot = a_slot(records, who, place, starts_at=begins)
            an_appointment(records, a_patient(records, given=given), slot)
        records.commit()


def seen(browser: FlaskClient, clinic: Location) -> tuple[int, str]:
    answer = browser.get(f"/downtime/{clinic.ref}")
    return answer.status_code, answer.text


def who_was_here(browser_of: Browsers, account: Account) -> FlaskClient:
    browser = browser_of(account)
    assert browser.get("/sign-ins").status_code == 200
    return browser
