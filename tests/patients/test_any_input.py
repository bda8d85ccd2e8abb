"""The answer to any input in a form is a page in plain words, never a server error."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.appointments.pages import press
from tests.builders import typed_demographics
from tests.patients.conftest import Family
from tests.plugins.lanes import examples

ANYTHING = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ("\x00", "x" * 10_000, "😀" * 300, "²", "٣", "-1", "1e9", "9" * 400, "'; DROP TABLE patient; --",
         "<script>", "%00", "\u202e", "../..", "None", "[]", "  ")
    ),
)  # fmt: skip
SEVERAL = st.one_of(ANYTHING, st.lists(ANYTHING, max_size=3))
FORMS = {
    "/patients": ("Search", ("text",)),
    "/patients/new": ("Register", (*typed_demographics(), "email", "address", "other_language",
                                   "emergency_name", "emergency_phone", "emergency_relationship", "seen",
                                   "again")),
    "/patients/{amina}/change": ("Save", (*typed_demographics(), "version", "email", "address")),
    "/patients/{amina}/code": ("Make a code", ("relationship",)),
    "/patients/{amina}/proxies/new": ("Find", ("typed",)),
    "/patients/{amina}/merge/{tomas}": ("Merge", ("keep", "reason", "version")),
}  # fmt: skip


@pytest.mark.parametrize("address", FORMS)
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_form_of_reception_ends_in_a_server_error(
    family: Family, reception: FlaskClient, address: str, data: st.DataObject
) -> None:
    button, fields = FORMS[address]
    path = address.format(amina=family.amina.ref, tomas=family.tomas.ref)
    sent: dict[str, Any] = {
        **typed_demographics(),
        **data.draw(st.dictionaries(st.sampled_from(fields), SEVERAL)),
    }
    page = reception.get(path)
    if page.status_code != 200:
        return  # an earlier example merged the two

    assert press(reception, page, button, **sent).status_code in {200, 303, 400, 409}


@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(code=SEVERAL, day=SEVERAL, year=SEVERAL)
def test_the_form_for_a_code_does_not_end_in_a_server_error(
    family: Family, stranger: FlaskClient, code: Any, day: Any, year: Any
) -> None:
    born = {"birth_date-day": day, "birth_date-month": "5", "birth_date-year": year}
    answer = press(stranger, stranger.get("/claim-record"), "Link", code=code, **born)

    assert answer.status_code in {400, 429}


@pytest.mark.parametrize(
    "body", [b"text=%ff%fe", b"text=%ed%a0%80", b"text", b"=", b"&&&", b"text[]=a"]
)
def test_broken_encodings_do_not_end_in_a_server_error(
    family: Family, reception: FlaskClient, body: bytes
) -> None:
    answer = reception.post(
        "/patients", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code in {303, 400}


@pytest.mark.parametrize("ref", ["%00" * 20, "x" * 20, "é" * 20, "0" * 19, "' OR 1=1; --     "])
def test_no_reference_ends_in_a_server_error(
    family: Family, reception: FlaskClient, ref: str
) -> None:
    for path in ("", "/change", "/merge", "/proxies", f"/merge/{ref}", f"/proxies/{ref}/end"):
        assert reception.get(f"/patients/{ref}{path}").status_code == 404
