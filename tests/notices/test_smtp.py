"""SMTP against a real server, TLS included."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from portal.notices.mail import smtp, undelivered
from portal.notices.mail.smtp import Smtp
from portal.notices.mail.undelivered import Undelivered
from tests.notices.mail_server import running_mail_server

ELSEWHERE = "127.0.0.2"
"""Also loopback, but not one of the names to which mail may be sent unencrypted."""


def a_message() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "appointments@hospital.example"
    message["To"] = "amina@example.org"
    message["Subject"] = "A test"
    message.set_content("Hello")
    return message


def refusal_of(transport: Smtp, message: EmailMessage | None = None) -> Undelivered:
    with pytest.raises(Undelivered) as refusal:
        transport.send(message or a_message())
    return refusal.value


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for ELSEWHERE, signed by itself, that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.hospital.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(ELSEWHERE))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    pem = tmp_path / "certificate.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = tmp_path / "key.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    return context


def test_messages_share_a_connection_until_there_is_a_pause() -> None:
    with running_mail_server() as server:
        transport = Smtp(server.url)
        transport.send(a_message())
        transport.send(a_message())
        assert server.connections == 1
        transport.rest()
        transport.send(a_message())
        transport.rest()

        assert server.connections == 2
        assert [message["Subject"] for message in server.messages] == ["A test"] * 3


def test_mail_is_encrypted_and_signed_in(certificate: ssl.SSLContext) -> None:
    with running_mail_server(host=ELSEWHERE, tls=certificate, sign_in=True) as server:
        user = "portal%40hospital:p%2Fss%20w%3Ard@"
        transport = Smtp(server.url.replace("smtp://", f"smtp://{user}"))
        transport.send(a_message())
        transport.rest()

        assert server.encrypted == [True]
        assert server.signed_in == [b"portal@hospital"]


def test_tls_from_the_start(certificate: ssl.SSLContext) -> None:
    with running_mail_server(host=ELSEWHERE, tls=certificate, implicit_tls=True) as server:
        transport = Smtp(server.url)
        transport.send(a_message())
        transport.rest()

        assert len(server.messages) == 1


def test_a_wrong_password_concerns_every_message(certificate: ssl.SSLContext) -> None:
    with running_mail_server(host=ELSEWHERE, tls=certificate, sign_in=True) as server:
        refusal = refusal_of(Smtp(server.url.replace("smtp://", "smtp://portal:wrong@")))

    assert (refusal.words, refusal.everywhere, refusal.permanent) == (smtp.SIGN_IN, True, False)


def test_nothing_is_sent_unencrypted(certificate: ssl.SSLContext) -> None:
    with running_mail_server(host=ELSEWHERE) as server:
        refusal = refusal_of(Smtp(server.url))

        assert (refusal.words, refusal.everywhere) == (smtp.NO_TLS, True)
        assert server.messages == []


def test_a_certificate_of_somebody_else_is_not_trusted(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with running_mail_server(host=ELSEWHERE, tls=certificate) as server:
        assert refusal_of(Smtp(server.url)).words == undelivered.UNREACHABLE
        assert server.messages == []


@pytest.mark.parametrize(
    ("answer", "words", "permanent"),
    [
        ("550 5.1.1 amina@example.org is unknown", undelivered.ADDRESS, True),
        ("450 4.2.0 amina@example.org greylisted", undelivered.LATER, False),
    ],
)
def test_a_refused_address(answer: str, words: str, permanent: bool) -> None:
    with running_mail_server() as server:
        server.rcpt_answer = answer
        refusal = refusal_of(Smtp(server.url))

    assert (refusal.words, refusal.permanent, refusal.everywhere) == (words, permanent, False)
    assert "amina" not in refusal.words


@pytest.mark.parametrize(
    ("answer", "words", "permanent"),
    [
        ("554 5.7.1 no", undelivered.MESSAGE, True),
        ("451 4.3.0 not now", undelivered.LATER, False),
    ],
)
def test_a_refused_message_does_not_spoil_the_next(
    answer: str, words: str, permanent: bool
) -> None:
    with running_mail_server() as server:
        transport = Smtp(server.url)
        server.data_answer = answer
        refusal = refusal_of(transport)
        assert (refusal.words, refusal.permanent) == (words, permanent)

        server.data_answer = "250 OK"
        transport.send(a_message())
        transport.rest()
        assert len(server.messages) == 1


def test_a_server_that_is_not_there_counts_as_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    refusal = refusal_of(Smtp(f"smtp://127.0.0.1:{port}"))

    assert (refusal.words, refusal.everywhere) == (undelivered.UNREACHABLE, True)


def test_a_silent_server_is_given_up_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "SECONDS", 0.2)
    with running_mail_server() as server:
        server.gate.clear()
        refusal = refusal_of(Smtp(server.url))

    assert (refusal.words, refusal.permanent) == (undelivered.UNREACHABLE, False)


def test_a_connection_that_the_server_closed_is_opened_again() -> None:
    with running_mail_server() as server:
        transport = Smtp(server.url)
        transport.send(a_message())
        assert transport._connection is not None
        assert transport._connection.sock is not None
        transport._connection.sock.shutdown(socket.SHUT_RDWR)

        transport.send(a_message())
        transport.rest()

        assert len(server.messages) == 2
