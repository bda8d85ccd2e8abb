"""The crawl notices each kind of fault, in a small portal that has all of them."""

import pytest
from flask import Flask, Response, request

from tests.hostile.attacks import Attack
from tests.hostile.parameters import names_in
from tests.hostile.payloads import PAYLOADS
from tests.hostile.verdicts import faults_of


@pytest.fixture
def careless() -> Flask:
    app = Flask(__name__)

    @app.get("/shown")
    def shown() -> str:
        return f'<a title="{request.args["it"]}">A page</a>'

    @app.get("/linked")
    def linked() -> str:
        return f"<a href='{request.args['it']}'>A page</a>"

    @app.get("/calculated")
    def calculated() -> str:
        return app.jinja_env.from_string(request.args["it"]).render()

    @app.get("/gone")
    def gone() -> Response:
        return Response(status=302, headers={"Location": request.args["it"]})

    @app.get("/failing")
    def failing() -> str:
        return str(1 / len(request.args["it"]))

    @app.get("/telling")
    def telling() -> str:
        return "root:x:0:0 and Zanzibarqueen"

    return app


@pytest.mark.parametrize(
    ("path", "payload", "said"),
    [
        ("/shown", "quotes", "shows what was sent without escaping it"),
        ("/shown", "a tag", "shows what was sent without escaping it"),
        ("/shown", "an attribute", "shows what was sent without escaping it"),
        ("/shown", "a script", "shows what was sent without escaping it"),
        ("/shown", "a new header", "shows what was sent without escaping it"),
        ("/linked", "a script in an address", "shows what was sent without escaping it"),
        ("/gone", "another host", "leads to evil.example"),
        ("/gone", "another address", "leads to evil.example"),
        ("/gone", "a new header", "answers 500"),
        ("/failing", "nothing", "answers 500"),
        ("/telling", "quotes", "shows a file of the machine"),
        ("/telling", "quotes", "shows Zanzibarqueen"),
    ],
)
def test_a_fault_is_noticed(careless: Flask, path: str, payload: str, said: str) -> None:
    assert said in faults(careless, path, PAYLOADS[payload])


def test_a_template_that_is_sent_is_not_run(careless: Flask) -> None:
    assert faults(careless, "/calculated", b"x7f{{7*191}}") == ["calculates what was sent"]


def faults(app: Flask, path: str, value: bytes) -> list[str]:
    answer = app.test_client().get(path, query_string={"it": value})
    return list(faults_of(Attack("", "", "GET", path), answer, frozenset({"Zanzibarqueen"})))


def test_the_parameters_of_a_view_are_read_from_its_code() -> None:
    source = "query = request.args\nquery.get('one')\nref_argument('two')\nd.get(three)"

    assert set(names_in(source)) == {"one", "two"}
    assert set(names_in("fields.get('one')")) == set()
