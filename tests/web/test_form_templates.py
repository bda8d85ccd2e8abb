"""The form macros that are written out make what NHS.UK frontend's own macros make."""

from typing import Any

import html5lib
import pytest
from flask import Flask
from wtforms import Form, SelectField, StringField, TextAreaField

LIBRARY = """
{% from "nhsuk/components/button/macro.jinja" import button %}
{% from "nhsuk/components/input/macro.jinja" import input %}
{% from "nhsuk/components/select/macro.jinja" import select %}
{% from "nhsuk/components/textarea/macro.jinja" import textarea %}
{% set options = {
  "id": field.id, "name": field.name, "label": {"text": field.label.text}, "hint": {"text": hint} if hint,
  "errorMessage": {"text": field.errors[0]} if field.errors,
} %}
"""
OURS = '{% from "ui/form.html" import button, select, text, textarea %}'

HINT, ERROR = "Letters & digits", "Enter a <name>"


class Example(Form):
    clinic = SelectField("Clinic", choices={"": "Any", "b": "Bone & joint", "h": "Heart"})
    name = StringField("Full name")
    about = TextAreaField("What is it about?")


def tree(html: str) -> list[Any]:
    """What a browser makes of it: every element, its attributes and its text."""
    fragment = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [
        (
            element.tag,
            dict(element.attrib),
            (element.text or "").strip(),
            (element.tail or "").strip(),
        )
        for element in fragment.iter()
    ]


@pytest.fixture(params=[("", ()), (HINT, ()), ("", (ERROR,)), (HINT, (ERROR,))])
def field_values(request: pytest.FixtureRequest) -> dict[str, Any]:
    hint, errors = request.param
    form = Example(data={"clinic": "b", "name": 'O\'Neill "Al"', "about": "<b>A cough</b>\nsince"})
    for field in form:
        field.errors = errors
    return {"form": form, "hint": hint}


@pytest.mark.parametrize(
    ("name", "ours", "library"),
    [
        (
            "clinic",
            "select(field, hint=hint)",
            'select(dict(options, **{"items": items}))',
        ),
        (
            "name",
            'text(field, hint=hint, classes="wide", autocomplete="name", inputmode="text")',
            (
                'input(dict(options, **{"value": field.data, "type": "text", "classes": "wide",'
                ' "autocomplete": "name", "inputmode": "text"}))'
            ),
        ),
        (
            "about",
            "textarea(field, hint=hint, rows=4)",
            'textarea(dict(options, **{"value": field.data, "rows": 4}))',
        ),
        (
            "about",
            'button("Save & go", classes="nhsuk-button--secondary")',
            (
                'button({"text": "Save & go", "classes": "nhsuk-button--secondary",'
                ' "preventDoubleClick": true})'
            ),
        ),
    ],
)
def test_a_field_looks_as_the_library_draws_it(
    app: Flask, field_values: dict[str, Any], name: str, ours: str, library: str
) -> None:
    field = field_values["form"][name]
    values = {"field": field, "hint": field_values["hint"], "items": items(field)}

    def drawn(head: str, call: str) -> list[Any]:
        return tree(app.jinja_env.from_string(f"{head}{{{{ {call} }}}}").render(**values))

    assert drawn(OURS, ours) == drawn(LIBRARY, library)


def items(field: Any) -> list[dict[str, Any]]:
    if not isinstance(field, SelectField):
        return []
    return [
        {"value": value, "text": label, "selected": selected}
        for value, label, selected, _ in field.iter_choices()
    ]
