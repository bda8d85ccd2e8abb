"""What the form macros draw is what the fields read."""

from datetime import date
from html.parser import HTMLParser

import pytest
from flask import Flask

from portal.web.forms import DateParts, PortalForm, page_errors

DRAW = '{% from "ui/form.html" import date_parts %}{{ date_parts(form.born) }}'


class BirthForm(PortalForm):
    born = DateParts("Date of birth")


class Inputs(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.ids: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "input":
            self.values[facts["name"] or ""] = facts["value"] or ""
            self.ids.add(facts["id"] or "")


def test_a_date_comes_back_as_it_was_drawn(app: Flask) -> None:
    with app.test_request_context():
        form = BirthForm(born=date(1984, 3, 27))
        drawn = Inputs(app.jinja_env.from_string(DRAW).render(form=form)).values

    with app.test_request_context(method="POST", data=drawn):
        assert BirthForm().born.data == date(1984, 3, 27)


@pytest.mark.parametrize(
    "year", ["0", "99999999999999999999", "9" * 5000, "\0", "１９８４年", "-1"]
)
def test_an_impossible_date_is_refused_and_shown_again(app: Flask, year: str) -> None:
    typed = {"born-day": "27", "born-month": "3", "born-year": year}
    with app.test_request_context(method="POST", data=typed):
        form = BirthForm()
        assert not form.validate()
        (item,) = [item for item in page_errors(form) if item.get("href", "").startswith("#born")]
        drawn = Inputs(app.jinja_env.from_string(DRAW).render(form=form))

    assert item == {"text": "Enter a real date, such as 27 3 1984", "href": "#born-day"}
    assert drawn.values["born-year"] == year
    assert item["href"].removeprefix("#") in drawn.ids
