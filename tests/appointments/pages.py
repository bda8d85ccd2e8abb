"""Reads pages as a browser does: finds their forms, and sends one."""

from dataclasses import dataclass, field
from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Button:
    text: str
    name: str | None
    value: str | None
    address: str | None
    """The button's own address, where it differs from the form's."""


@dataclass
class Form:
    address: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)


def forms_on(page: TestResponse) -> list[Form]:
    """The POST forms of the page, with their current values."""
    document = html5lib.parse(page.text, namespaceHTMLElements=False)
    found = []
    for element in document.iter("form"):
        if element.get("method") != "post":
            continue
        form = Form(element.get("action") or page.request.path)
        for item in (*element.iter("input"), *element.iter("textarea")):
            typed = item.text or "" if item.tag == "textarea" else item.get("value", "")
            name = item.get("name")
            if name and item.get("type") not in {"radio", "checkbox"}:
                form.fields[name] = typed
        form.buttons = [
            Button(
                " ".join("".join(item.itertext()).split()),
                item.get("name"),
                item.get("value"),
                item.get("formaction"),
            )
            for item in element.iter("button")
        ]
        found.append(form)
    return found


def form_of(page: TestResponse, button: str) -> tuple[Form, Button]:
    """The first form with a button whose text contains `button`, and that button."""
    for form in forms_on(page):
        for choice in form.buttons:
            if button in choice.text:
                return form, choice
    raise AssertionError(f"no button {button!r} on {page.request.path}")


def press(client: FlaskClient, page: TestResponse, button: str, **typed: Any) -> TestResponse:
    """Fills in the form of the button, and presses it."""
    form, choice = form_of(page, button)
    fields = form.fields | ({choice.name: choice.value} if choice.name else {})
    return client.post(choice.address or form.address, data={**fields, **typed})
