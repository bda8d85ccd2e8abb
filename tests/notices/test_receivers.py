"""Who gets an email: the patient, or those who act for them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Notice, Patient
from portal.notices.sending import actions
from portal.vocabulary import Relationship as Acts
from tests.builders import NOW, a_notice, a_patient, an_account_of, an_appointment_of
from tests.notices.sending import CHILD, GROWN_UP, Send, State, a_family
from tests.plugins.post import Pigeonhole


def receivers(database: Session, patient: Patient, send: Send, pigeonhole: Pigeonhole) -> list[str]:
    a_notice(database, an_appointment_of(database, patient))
    database.commit()
    send()
    return pigeonhole.addresses


def test_an_adults_notice_goes_to_the_record(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    patient = a_family(database, **GROWN_UP)
    assert receivers(database, patient, send, pigeonhole) == ["home@example.org"]


def test_a_childs_notice_goes_to_each_proxy_separately(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    patient = a_family(database, **CHILD)

    parents = receivers(database, patient, send, pigeonhole)

    assert parents == ["mother@example.org", "father@example.org"]
    for message, other in zip(pigeonhole.messages, reversed(parents), strict=True):
        assert other not in message.as_string()
        assert "somebody you act for" in message.as_string()
    assert len({message["Message-ID"] for message in pigeonhole.messages}) == 2


def test_former_proxies_get_nothing(database: Session, send: Send, pigeonhole: Pigeonhole) -> None:
    child = a_patient(database, email="home@example.org", **CHILD)
    an_account_of(database, child, Acts.PARENT, ended_at=NOW)
    an_account_of(database, child, Acts.GUARDIAN, ends_on=NOW.date())
    an_account_of(database, child, Acts.CARER).disabled_at = NOW
    an_account_of(database, child, Acts.PARENT).email = None

    assert receivers(database, child, send, pigeonhole) == ["home@example.org"]


def test_one_address_gets_one_message(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    child = a_patient(database, **CHILD)
    for address in ("Home@example.org", "home@example.org"):
        an_account_of(database, child, Acts.PARENT).email = address

    assert receivers(database, child, send, pigeonhole) == ["Home@example.org"]


def test_an_adult_without_address_is_told_through_the_account(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    patient = a_patient(database, email=None)
    account = an_account_of(database, patient)

    assert receivers(database, patient, send, pigeonhole) == [account.email]
    assert "somebody" not in pigeonhole.messages[0].as_string()


@pytest.mark.parametrize(
    "facts", [{"email": None}, {"deceased_on": date(2026, 3, 1)}, {"do_not_contact": True}], ids=str
)
def test_a_notice_without_a_receiver_is_dropped(
    database: Session, send: Send, pigeonhole: Pigeonhole, facts: dict[str, Any]
) -> None:
    patient = a_patient(database, **facts)
    if patient.deceased_on:
        an_account_of(database, patient, Acts.CARER)

    assert receivers(database, patient, send, pigeonhole) == []

    dropped = database.scalars(select(Notice)).one()
    assert (dropped.state, dropped.last_error) == (State.DROPPED, actions.NOBODY)
