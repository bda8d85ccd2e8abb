"""What somebody typed never becomes HTML, also where it goes through another project's macros."""

import re

import pytest
from flask import Flask


@pytest.mark.parametrize("component", ["button", "errorSummary", "input", "radios", "textarea"])
def test_what_was_typed_never_becomes_html(app: Flask, component: str) -> None:
    typed = '</textarea>"><script>alert(1)</script>'
    option = {"value": typed, "text": typed}
    values = {
        **option,
        "items": [option],
        "errorList": [option],
        "label": {"text": typed},
        "hint": {"text": typed},
        "errorMessage": {"text": typed},
    }
    folder = re.sub("([A-Z])", r"-\1", component).lower()
    draw = (
        f'{{% from "nhsuk/components/{folder}/macro.jinja" import {component} %}}'
        f"{{{{ {component}(values) }}}}"
    )

    html = app.jinja_env.from_string(draw).render(values=values)

    assert "&lt;script&gt;" in html
    assert "<script>" not in html
