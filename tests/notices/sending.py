"""What the tests that send notices share: short names, and a family."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy.orm import Session, sessionmaker

from portal.models import Patient
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, NoticeState
from portal.vocabulary import Relationship as Acts
from tests.builders import a_patient, an_account_of

HOSPITAL = Hospital(child_proxy_ends_at_age=16)


State: TypeAlias = NoticeState


Status: TypeAlias = AppointmentStatus


Sessions = sessionmaker[Session]


Send = Callable[..., bool]

CHILD = {"birth_date": date(2010, 3, 4)}  # sixteen the day after NOW
GROWN_UP = {"birth_date": date(2010, 3, 3)}


def a_family(database: Session, **facts: Any) -> Patient:
    """A patient with an email address, whose mother and father act for them."""
    patient = a_patient(database, email="home@example.org", **facts)
    for parent in ("mother", "father"):
        account = an_account_of(database, patient, Acts.PARENT)
        account.email = f"{parent}@example.org"
    return patient
