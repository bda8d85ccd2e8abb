"""The forms of a page, as a browser would send them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse


@dataclass
class PageForm:
    """A form as sent by one of its buttons."""

    address: str
    button: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The version that the form says was shown: in its fields, or in its button's address."""
        typed = self.fields.get("version") or parse_qs(urlsplit(self.address).query).get("version")
        return (typed or [""])[0]

    def endpoint(self, app: Flask) -> str:
        adapter = app.url_map.bind("localhost")
        try:
            found: tuple[str, object] = adapter.match(urlsplit(self.address).path, method="POST")
        except HTTPException:
            return ""
        return found[0]

    def send(self, client: FlaskClient, typed: dict[str, str]) -> TestResponse:
        return client.post(self.address, data={**self.fields, **typed})


def forms_of(text: str, here: str) -> Iterator[PageForm]:
    """Every POST form of the page, once for each of its buttons."""
    for element in html5lib.parse(text, namespaceHTMLElements=False).iter("form"):
        if element.get("method") != "post":
            continue
        fields = _fields(element)
        for button in element.iter("button"):
            address = button.get("formaction") or element.get("action") or here
            name, value = button.get("name"), button.get("value", "")
            yield PageForm(address, value, {**fields, **({name: [value]} if name else {})})


def _fields(form: Element) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for item in form.iter():
        name = item.get("name")
        if name and item.tag in {"input", "textarea", "select"}:
            fields.setdefault(name, []).extend(_sent(item))
    return {name: values for name, values in fields.items() if values}


def _sent(item: Element) -> list[str]:
    if item.tag == "textarea":
        return [item.text or ""]
    if item.tag == "select":
        options = list(item.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        return [one.get("value", "") for one in chosen]
    if item.get("type") in {"checkbox", "radio"} and item.get("checked") is None:
        return []
    return [item.get("value", "")]
