"""What a person in the drill reads on a page."""

from tests.drill.pages import Page

ADDRESS = "http://portal.drill/patients/new?from=desk"
APPOINTMENT = """
<p class="mch-patient__name"><a href="/patients/4ede">Ann O&#39;Neill</a></p>
<p><strong class="nhsuk-tag">Booked</strong></p>
<dl><div><dt class="key">When</dt> <dd class="value">Tuesday 3 March, 9am <b>to</b> 9:20am</dd></div></dl>
"""
WAITING = """
<div data-health="/health/ready"></div>
<form method="post" action="/patients/new?from=desk" data-waits>
  <input type="hidden" name="csrf_token" value="another">
  <input type="hidden" name="submission" value="key">
  <input type="hidden" name="family" value="O&#39;Neill">
  <input type="hidden" name="tried" value="1">
</form>
"""
LATER = '<div data-health="/x"></div><a class="b" href="/sign-in/start" data-waits="">Try again</a>'


def page(text: str, status: int = 200) -> Page:
    return Page(status, ADDRESS, text.encode())


def test_the_patient_and_the_time_are_read() -> None:
    shown = page(APPOINTMENT)
    assert shown.subject == {"patient": "4ede", "name": "Ann O'Neill"}
    assert shown.facts == {"When": "Tuesday 3 March, 9am to 9:20am"}
    assert shown.shows("Booked")
    assert not shown.shows("Cancelled")


def test_a_waiting_pages_form_holds_what_was_typed() -> None:
    waits = page(WAITING, 503)
    assert waits.waits
    [form] = waits.forms
    assert form.waits
    assert form.typed == {
        "action": "/patients/new?from=desk",
        "submission": "key",
        "family": "O'Neill",
    }


def test_a_waiting_page_leads_where_its_link_says() -> None:
    assert page(LATER, 503).waits_for == "/sign-in/start"
    assert page(APPOINTMENT).waits_for is None
