"""Any input to a form is accepted or refused, and never ends in a server error."""

import secrets
from datetime import time

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.schedules.forms import LONGEST_TEXT, clock_of, hours_of
from portal.schedules.rules import Span
from portal.schedules.wording import hours
from portal.words import clock as clock_in_words
from tests.builders.tuesdays import Clinic
from tests.plugins.lanes import examples
from tests.schedules.pages import HOME, fields_of

clocks = st.times().map(lambda found: found.replace(second=0, microsecond=0, fold=0))
odd = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        [
            "\0",
            "0",
            "-1",
            "9" * 5000,
            "x" * 10_000,
            "９",
            "1e9",
            "\u202e",
            "🙂" * 300,
            "9am",
            "9am to 5pm",
            "' OR 1=1 --",
            "{{ 7 * 7 }}",
            "2026-04-03",
        ]
    ),
)
KEYS = "csrf_token", "submission", "version", "shown"
FORMS = [
    "clinics/new",
    "clinics/{location}",
    "clinics/{location}/close",
    "practitioners/new",
    "practitioners/{practitioner}",
    "practitioners/{practitioner}/schedules/new",
    "schedules/{schedule}/change",
    "schedules/{schedule}/end",
    "exceptions/leave/new",
    "exceptions/closures/new",
    "exceptions/extra/new",
    "exceptions/bank-holidays",
]


@pytest.mark.parametrize("form", FORMS)
def test_odd_input_never_ends_in_a_server_error(
    administrator: FlaskClient, open_clinic: Clinic, form: str
) -> None:
    address = f"{HOME}/" + form.format(
        location=open_clinic.location.ref,
        practitioner=open_clinic.practitioner.ref,
        schedule=open_clinic.schedule.ref,
    )
    page = administrator.get(address)
    sent = {"days": []} | fields_of(page)
    names = sorted(set(sent) - {"csrf_token", "submission"})

    @settings(
        max_examples=examples(12),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.dictionaries(st.sampled_from(names), odd, min_size=1))
    def send(typed: dict[str, str]) -> None:
        answer = administrator.post(
            address, data={**sent, **typed, "submission": secrets.token_hex(16)}
        )
        assert answer.status_code in {303, 400, 409}, answer.status_code

    send()


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_form_is_refused(
    administrator: FlaskClient, open_clinic: Clinic, form: str
) -> None:
    address = f"{HOME}/" + form.format(
        location=open_clinic.location.ref,
        practitioner=open_clinic.practitioner.ref,
        schedule=open_clinic.schedule.ref,
    )
    sent = fields_of(administrator.get(address))
    keys = {name: sent[name] for name in KEYS if name in sent}

    assert administrator.post(address, data=keys).status_code == (303 if "close" in form else 400)


@given(clocks)
def test_a_clock_is_read_as_it_is_written(clock: time) -> None:
    assert clock_of(clock_in_words(clock, "en_GB")) == clock
    assert clock_of(f"{clock:%H:%M}") == clock
    assert clock_of(f" {clock:%H.%M} ") == clock
    assert clock_of(f"{clock:%I:%M %p}") == clock


@pytest.mark.parametrize("text", ["", "9", "24:00", "9:60", "13pm", "0am", "9:3", "nine", "９am"])
def test_an_ambiguous_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        clock_of(text)


@given(st.lists(clocks, min_size=2, max_size=6, unique=True))
def test_hours_are_read_as_they_are_written(marks: list[time]) -> None:
    marks.sort()
    spans = [Span(3, starts, ends) for starts, ends in zip(marks[::2], marks[1::2], strict=False)]

    assert hours_of(", ".join(hours(span, "en_GB") for span in reversed(spans)), 3) == spans


@pytest.mark.parametrize(
    "text", ["9am", "9am to 9am", "9am to 5pm to 6pm", "9am to 1pm, midday to 2pm"]
)
def test_malformed_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        hours_of(text, 0)


def test_a_megabyte_of_text_is_refused_at_once() -> None:
    for read in (clock_of, lambda text: hours_of(text, 0)):
        with pytest.raises(ValueError, match="too long"):
            read("9am" + " " * LONGEST_TEXT + "x")
