"""Reading pages as a browser does: the values in their form, and sending it."""

from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HOME = "/administration"


def fields_of(page: TestResponse) -> dict[str, Any]:
    """What the first POST form of the page would send as it stands."""
    document = html5lib.parse(page.text, namespaceHTMLElements=False)
    main = next(found for found in document.iter("main"))
    form = next(found for found in main.iter("form") if found.get("method") == "post")
    fields: dict[str, Any] = {}
    for item in form.iter():
        name = item.get("name")
        if not name:
            continue
        if item.tag == "input" and item.get("type") in {"checkbox", "radio"}:
            if item.get("checked") is not None:
                fields.setdefault(name, []).append(item.get("value"))
        elif item.tag == "input":
            fields[name] = item.get("value", "")
        elif item.tag == "textarea":
            fields[name] = item.text or ""
        elif item.tag == "select":
            options = list(item.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None]
            fields[name] = (chosen or options)[0].get("value")
    return fields


def send(client: FlaskClient, page: TestResponse, **typed: Any) -> TestResponse:
    """Sends the page's form with some values replaced; dates are given as `first_day=date`."""
    fields = fields_of(page)
    for name, value in typed.items():
        if hasattr(value, "year"):
            parts = {"day": value.day, "month": value.month, "year": value.year}
            fields |= {f"{name}-{part}": str(number) for part, number in parts.items()}
        else:
            fields[name] = value
    return client.post(page.request.full_path.rstrip("?"), data=fields)


def words(page: TestResponse) -> str:
    """The text of the page's main part, spaces made single."""
    document = html5lib.parse(page.text, namespaceHTMLElements=False)
    main = next(found for found in document.iter("main"))
    return " ".join(" ".join(main.itertext()).split())


def refused(answer: TestResponse, *says: str) -> None:
    """Asserts that the form is shown again, with each message in the summary and beside its field."""
    assert answer.status_code == 400
    for message in says:
        assert answer.text.count(message) == 2, message
    assert "There is a problem" in answer.text
    assert "<title>Error: " in answer.text
