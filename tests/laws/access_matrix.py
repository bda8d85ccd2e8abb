"""Opens every address of the portal in every role, and records who has access.

A cell says what happened with people's own things, and with other people's if that differs:
`yes` (access), `no` (403: not their role), `hidden` (404: looks like not there), `sign in`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal.access import Deed, Relation, Role, relations
from portal.models import Account
from portal.web import submissions
from portal.web.pages import mark_of
from tests.builders import actor_of

OWN, OTHER = "own", "other"
ROLES = (Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.RECEPTION, Role.ADMINISTRATOR)
OUTCOMES = {403: "no", 404: "hidden"}
COOKIE = "portal"
FAILED = "failed"
PROVIDER_AWAY = 503
"""Access, up to the sign-in provider. This test has none."""


@dataclass
class World:
    """People, and for each parameter of an address, a reference of their own and one of somebody else."""

    accounts: dict[Role, Account]
    references: dict[tuple[str, str], str] = field(default_factory=dict)
    """Side and parameter (or blueprint.parameter, where a name has two meanings) → reference."""
    sessions: dict[Role, str] = field(default_factory=dict)
    """The sign-in session of each role's account, because each role has a different session."""
    kept_forms: dict[Role, str] = field(default_factory=dict)
    """The form that is kept for each role's account."""

    def know(self, side: str, parameter: str, reference: str) -> None:
        self.references[side, parameter] = reference

    def arguments(self, rule: Rule, role: Role | None, side: str) -> dict[str, Any]:
        """References for the rule's parameters; raises `KeyError` for an unknown one."""
        found = {name: self._reference(rule, name, side) for name in rule.arguments}
        if "session_ref" in found and side == OWN and role is not None:
            found["session_ref"] = self.sessions[role]
        if "kept_ref" in found and side == OWN and role is not None:
            found["kept_ref"] = self.kept_forms[role]
        return found

    def _reference(self, rule: Rule, name: str, side: str) -> str:
        blueprint = rule.endpoint.split(".")[0]
        special = self.references.get((side, f"{blueprint}.{name}"))
        return special or self.references[side, name]


Door = tuple[Rule, str]
Row = tuple[Door, list[str]]


def doors(app: Flask) -> Iterator[Door]:
    """Every rule and method, sorted by address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def knock(client: FlaskClient, app: Flask, door: Door, arguments: dict[str, Any]) -> str:
    rule, method = door
    with app.test_request_context():
        path = app.url_for(rule.endpoint, **arguments)
    form = {submissions.FIELD: submissions.new_key()}
    cookie = client.get_cookie(COOKIE)
    answer = client.get(path) if method == "GET" else client.post(path, data=form)
    if cookie is not None:
        # Signing out in one request must not affect the next request.
        client.set_cookie(COOKIE, cookie.value)
    if answer.status_code == 302 and (answer.location or "").startswith("/sign-in?"):
        return "sign in"
    if answer.status_code == 302 and answer.location == "/sign-in":
        return "sign in"
    if answer.status_code >= 500 and answer.status_code != PROVIDER_AWAY:
        return f"{FAILED} {answer.status_code}"
    return OUTCOMES.get(answer.status_code, "yes")


def row_of(
    app: Flask,
    door: Door,
    world: World,
    browsers: dict[Role, FlaskClient],
    stranger: FlaskClient,
) -> list[str]:
    """The result for each role, and for somebody who is not signed in."""
    cells = []
    for role in ROLES:
        own, other = (
            knock(browsers[role], app, door, world.arguments(door[0], role, side))
            for side in (OWN, OTHER)
        )
        cells.append(own if own == other else f"{own} / {other}")
    cells.append(knock(stranger, app, door, world.arguments(door[0], None, OWN)))
    return cells


def promised_by_the_table(
    app: Flask, door: Door, world: World, is_about_somebody: Callable[[Rule], bool]
) -> list[str]:
    """The same row, computed only from the deeds in `access.py`."""
    rule = door[0]
    deed = mark_of(app.view_functions[rule.endpoint]).deed
    if deed is None:
        return ["yes"] * (len(ROLES) + 1)
    cells = [_promise(world.accounts[role], deed, is_about_somebody(rule)) for role in ROLES]
    return [*cells, "sign in"]


def _promise(account: Account, deed: Deed, about_somebody: bool) -> str:
    found = relations(actor_of(account), deed)
    if not found:
        return "no"
    if Relation.ANYONE in found or not about_somebody:
        return "yes"
    return "yes / hidden"


def as_text(rows: list[Row], app: Flask) -> str:
    """The matrix as a Markdown table."""
    head = ["address", "deed", *(role.title for role in ROLES), "not signed in"]
    lines = [_line(head), _line(["---"] * len(head))]
    for (rule, method), cells in rows:
        deed = mark_of(app.view_functions[rule.endpoint]).deed
        address = rule.rule.replace("string(length=20):", "")
        lines.append(_line([f"{method} `{address}`", deed.value if deed else "public", *cells]))
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
