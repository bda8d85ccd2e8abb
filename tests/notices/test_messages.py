"""What a message says, and what it must not say."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import html5lib
import pytest
from flask import Flask

from portal.notices.mail.console import Console
from portal.notices.mail.undelivered import Undelivered
from portal.notices.sending.due import Due
from portal.notices.sending.messages import compose, message_id
from portal.notices.sending.post_office import PostOffice
from portal.notices.sending.recipients import Recipient
from portal.settings.hospital import Hospital
from portal.vocabulary import OF_APPOINTMENTS, AppointmentStatus, Occasion, SlotStatus
from portal.worker.rendering import rendered

HOSPITAL = Hospital(name="St <Bride's> & Søn", phone="01632 960 100")
LINK = "https://portal.example"
IN_SUMMER = datetime(2026, 7, 2, 8, 5, tzinfo=UTC)
OCCASIONS = pytest.mark.parametrize(
    "occasion", OF_APPOINTMENTS, ids=lambda occasion: occasion.value
)


def written(app: Flask, occasion: Occasion, **facts: Any) -> EmailMessage:
    """The message as it arrives."""
    due = Due(
        ref="f" * 20,
        occasion=occasion,
        sequence=0,
        appointment_sequence=0,
        status=AppointmentStatus.BOOKED,
        starts_at=IN_SUMMER,
        slot_status=SlotStatus.BUSY,
        patient_id=1,
        patient_ref="0" * 20,
        patient_email="amina@example.org",
        birth_date=IN_SUMMER.date(),
        deceased_on=None,
        do_not_contact=False,
    )
    address = facts.get("address", "amina@example.org")
    reader = Recipient("Patient/" + "0" * 20, address, facts.get("acts", False))
    sender = facts.get("sender", "appointments@hospital.example")
    with app.app_context():
        message = compose(due, reader, PostOffice(Console(), rendered, sender, LINK), HOSPITAL)
    wire = message.as_bytes()
    assert wire.isascii()
    return message_from_bytes(wire, policy=default)


def parts(message: EmailMessage) -> tuple[str, str]:
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    return plain.get_content(), page.get_content()


@OCCASIONS
def test_it_says_when_the_appointment_is_and_what_to_do(app: Flask, occasion: Occasion) -> None:
    message = written(app, occasion)

    for body in parts(message):
        assert "Thursday 2 July 2026 at 9:05am" in body
        assert LINK in body
        assert "01632 960 100" in body
    assert message["To"] == "amina@example.org"
    assert message["From"].addresses[0].display_name == HOSPITAL.name
    assert message["Auto-Submitted"] == "auto-generated"


@OCCASIONS
def test_the_two_bodies_say_the_same(app: Flask, occasion: Occasion) -> None:
    message = written(app, occasion)
    plain, page = parts(message)
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)

    assert "".join(tree.find("body").itertext()).split() == plain.split()
    assert tree.findtext("head/title") == message["Subject"]


def test_each_occasion_has_words_of_its_own(app: Flask) -> None:
    messages = [written(app, occasion) for occasion in OF_APPOINTMENTS]

    assert len({message["Subject"] for message in messages}) == len(OF_APPOINTMENTS)
    assert len({parts(message)[0] for message in messages}) == len(OF_APPOINTMENTS)


@OCCASIONS
def test_the_subject_names_the_hospital_and_nobody(app: Flask, occasion: Occasion) -> None:
    subject = written(app, occasion)["Subject"]

    assert HOSPITAL.name in subject
    assert "2026" not in subject


def test_a_proxy_reads_that_it_is_not_about_them(app: Flask) -> None:
    assert "somebody you act for" in parts(written(app, Occasion.BOOKED, acts=True))[0]
    assert "somebody" not in parts(written(app, Occasion.BOOKED))[0]


def test_the_configured_senders_name_wins(app: Flask) -> None:
    message = written(app, Occasion.BOOKED, sender="Bookings <book@hospital.example>")

    assert message["From"] == "Bookings <book@hospital.example>"
    assert message["Message-ID"].endswith("@hospital.example>")


def test_message_ids_are_stable_and_tell_notices_and_readers_apart() -> None:
    known = message_id("a" * 20, "Patient/1", "x@hospital.example")

    assert known == message_id("a" * 20, "Patient/1", "x@hospital.example")
    assert known != message_id("b" * 20, "Patient/1", "x@hospital.example")
    assert known != message_id("a" * 20, "Patient/2", "x@hospital.example")
    assert "Patient" not in known


@pytest.mark.parametrize(
    "address", ["", "amina", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "@", "a@"]
)
def test_a_receiver_that_is_not_one_address_gets_nothing(app: Flask, address: str) -> None:
    with pytest.raises(Undelivered) as refusal:
        written(app, Occasion.BOOKED, address=address)

    assert refusal.value.permanent
