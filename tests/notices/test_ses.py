"""Sending through an emulated Amazon SES."""

from email import message_from_string
from email.message import EmailMessage

import boto3
import pytest
from botocore.exceptions import ClientError

from portal.errors import ConfigurationError
from portal.notices.mail import undelivered
from portal.notices.mail.ses import Ses
from portal.notices.mail.undelivered import Undelivered
from tests.emulated_aws import EmulatedAws

SENDER = "appointments@hospital.example"


def a_message() -> EmailMessage:
    message = EmailMessage()
    message["From"] = SENDER
    message["To"] = "amina@example.org"
    message["Subject"] = "A test"
    message["Message-ID"] = "<known@hospital.example>"
    message.set_content("Hello")
    return message


def test_a_message_is_sent_as_it_was_written(aws: EmulatedAws) -> None:
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)

    Ses().send(a_message())

    (sent,) = aws.sent_mails()
    assert set(sent.destinations) == {"amina@example.org"}
    arrived = message_from_string(sent.raw_data)
    assert (arrived["Subject"], arrived["Message-ID"]) == ("A test", "<known@hospital.example>")


def test_a_refusal_is_final(aws: EmulatedAws) -> None:
    with pytest.raises(Undelivered) as refusal:  # the sender was never verified
        Ses().send(a_message())

    assert (refusal.value.words, refusal.value.permanent) == (undelivered.MESSAGE, True)
    assert aws.sent_mails() == []


def test_throttling_is_a_reason_to_wait(aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = Ses()
    throttled = ClientError({"Error": {"Code": "TooManyRequestsException"}}, "SendEmail")

    def refuse(**_: object) -> None:
        raise throttled

    monkeypatch.setattr(transport._client, "send_email", refuse)
    with pytest.raises(Undelivered) as refusal:
        transport.send(a_message())

    assert (refusal.value.permanent, refusal.value.everywhere) == (False, True)


def test_a_service_that_is_away(aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:9")

    with pytest.raises(Undelivered) as refusal:
        Ses().send(a_message())

    assert refusal.value.words == undelivered.UNREACHABLE
    assert (refusal.value.permanent, refusal.value.everywhere) == (False, True)


def test_without_a_region_the_worker_says_what_to_set(
    aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    with pytest.raises(ConfigurationError, match="AWS_DEFAULT_REGION"):
        Ses()
