"""What comes through nginx to the portal, what does not, and what is known of it afterwards."""

import http.client
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, AuditEvent
from tests.builders import a_patient, an_account, an_account_of
from tests.documents.sample_files import a_long_text
from tests.documents.sending import MULTIPART, body_of, documents, the_form
from tests.eventually import eventually
from tests.proxied_portal import Proxied
from tests.proxy.conftest import asked, lines_of_requests, sent, sent_past_nginx
from tests.proxy.slow_peers import head

pytestmark = pytest.mark.usefixtures("database")

SignIn = Callable[[Account], FlaskClient]
NAME = "Okafor"


def cookie_of(browser: FlaskClient) -> dict[str, str]:
    cookie = browser.get_cookie("portal")
    assert cookie is not None
    return {"Cookie": f"portal={cookie.value}"}


def id_in(answer: bytes) -> str:
    return re.findall(rb"X-Request-Id: ([0-9a-f]{32})", answer)[0].decode()


def came_through(instance: Proxied, wanted: str) -> bool:
    """Whether the portal answered the request with this id. It logs a request after its answer."""
    later = asked(instance, "/health/live").headers["X-Request-Id"]
    assert eventually(lambda: later in ids(instance))
    return wanted in ids(instance)


def past_nginx(instance: Proxied) -> list[dict[str, Any]]:
    """Forms without nginx's id."""
    lines = lines_of_requests(instance)
    return [line for line in lines if line["method"] == "POST" and "RequestId" not in line]


def ids(instance: Proxied) -> list[str]:
    return [line.get("RequestId", "") for line in lines_of_requests(instance)]


def chunked(chunks: bytes) -> bytes:
    fields = ("Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked")
    return head("POST /sign-out", 1, *fields) + b"\r\n" + chunks


@pytest.mark.parametrize(
    "chunks", [b"zz\r\nx\r\n", b"2\r\nxxxx\r\n0\r\n\r\n", b"-1\r\n\r\n", b"ffffffffffffffffff\r\nx"]
)
def test_a_broken_chunk_is_no_error_of_the_portals(instance: Proxied, chunks: bytes) -> None:
    answer = sent(instance, chunked(chunks))
    assert answer.startswith(b"HTTP/1.1 4")
    assert not came_through(instance, id_in(answer))


def test_nor_is_it_without_nginx(instance: Proxied) -> None:
    assert sent_past_nginx(instance, chunked(b"zz\r\nx\r\n")).startswith(b"HTTP/1.1 400 ")
    assert eventually(lambda: bool(past_nginx(instance)))
    assert {(line["status"], line["ServerErrors"]) for line in past_nginx(instance)} == {(400, 0)}


@pytest.mark.parametrize(
    "wire",
    [
        head("GET /", 1, f"Cookie: portal={'x' * 9000}") + b"\r\n",
        head(f"GET /{'x' * 9000}", 1) + b"\r\n",
        head("GET /", 1, "Content-Length: 1", "Transfer-Encoding: chunked") + b"\r\n0\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_in_plain_words(instance: Proxied, wire: bytes) -> None:
    answer = sent(instance, wire)
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"We can\xe2\x80\x99t read this request" in answer
    assert b"frame-ancestors 'none'" in answer
    assert b"Strict-Transport-Security: max-age=31536000; includeSubDomains" in answer
    assert not came_through(instance, id_in(answer))


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_document_comes_in_whole(
    instance: Proxied, database: Session, sign_in: SignIn, in_chunks: bool
) -> None:
    patient = a_patient(database)
    browser = sign_in(an_account_of(database, patient))
    form = the_form(browser, f"/patients/{patient.ref}/documents")
    body = body_of(form, ("letter.txt", a_long_text(20_000_000)))
    pieces = (body[at : at + 60_000] for at in range(0, len(body), 60_000))
    answer = asked(
        instance,
        form.address,
        method="POST",
        body=pieces if in_chunks else body,
        headers={"Content-Type": MULTIPART, **cookie_of(browser)},
    )
    assert answer.status == 303, answer.body
    assert [row.size for row in documents(database)] == [20_000_000]
    assert instance.temporary_files() == []


def test_only_pages_that_take_files_take_long_requests(instance: Proxied) -> None:
    answer = asked(instance, "/sign-out", method="POST", body=b"x" * 1_000_001)
    assert answer.status == 413
    assert "That is too big to send" in answer.body.decode()
    assert not came_through(instance, answer.headers["X-Request-Id"])


def test_the_audit_trail_has_the_address_that_the_load_balancer_told(
    instance: Proxied, database: Session, sign_in: SignIn
) -> None:
    patient, stranger = a_patient(database), an_account_of(database, a_patient(database))
    claimed = {"X-Forwarded-For": "192.0.2.1, 203.0.113.77", "X-Forwarded-Host": "evil.example"}
    told = {**claimed, **cookie_of(sign_in(stranger))}
    assert asked(instance, f"/patients/{patient.ref}", headers=told).status == 404
    found = database.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert found[-1].detail is not None
    assert found[-1].detail["address"] == "203.0.113.77"


def test_nobody_else_says_where_the_portal_is(instance: Proxied) -> None:
    claims = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Ssl": "on",
        "X-Forwarded-Protocol": "ssl",
        "Forwarded": "host=evil.example",
        "SCRIPT_NAME": "/evil",
    }
    plain, claimed = (asked(instance, "/patients", headers=told) for told in ({}, claims))
    assert claimed.status == plain.status == 302
    assert "evil" not in str(claimed.headers)
    assert claimed.headers["Location"] == plain.headers["Location"]


def test_answer_and_logs_have_one_id(instance: Proxied) -> None:
    answer = asked(instance, "/sign-in", headers={"X-Request-Id": "f" * 32})
    found = answer.headers["X-Request-Id"]
    assert found != "f" * 32
    assert came_through(instance, found)


def test_no_log_says_what_was_asked_for(instance: Proxied) -> None:
    address = f"/patients?q={NAME}"
    fields = {"Cookie": NAME, "Referer": NAME, "User-Agent": NAME}
    asked(instance, address, headers=fields)
    asked(instance, f"/{NAME}", method="POST", body=b"x" * 1_000_001, headers=fields)
    sent(instance, head(f"GET {address}", 1, f"Cookie: {NAME * 1500}") + b"\r\n")
    sent(instance, head(f"POST {address}", 1, "Transfer-Encoding: chunked") + b"\r\nzz\r\n")
    log = (instance.folder / "log").read_text()
    assert instance.log.count('"status":413') >= 1
    assert NAME not in instance.log + instance.said + log


def test_scripts_are_compressed_and_pages_are_not(
    instance: Proxied, database: Session, sign_in: SignIn
) -> None:
    """The length of a compressed page would tell what is in it (BREACH)."""
    told = {"Accept-Encoding": "gzip", **cookie_of(sign_in(an_account(database, Role.RECEPTION)))}
    styles = asked(instance, "/static/build/medicare-hub.css", headers=told)
    page = asked(instance, "/patients", headers=told)
    assert (styles.status, page.status) == (200, 200)
    assert (styles.headers["Content-Encoding"], styles.headers["Vary"]) == (
        "gzip",
        "Accept-Encoding",
    )
    assert len(page.body) > 2000
    assert "Content-Encoding" not in page.headers


def test_headers_of_the_portal_come_through(instance: Proxied) -> None:
    answer = asked(instance, "/sign-in")
    direct = http.client.HTTPConnection("127.0.0.1", instance.portal.port, timeout=30)
    direct.request("GET", "/sign-in")
    expected = direct.getresponse()
    expected.read()
    direct.close()
    added = {"Server", "X-Request-Id", "Connection"}
    assert set(answer.headers) - added == set(expected.headers) - added


def test_styles_are_there(instance: Proxied) -> None:
    file = Path(__file__).parents[2] / "static" / "build" / "medicare-hub.css"
    assert asked(instance, "/static/build/medicare-hub.css").body == file.read_bytes()
