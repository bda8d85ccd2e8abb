"""Every request of the crawl: a door, or a form on a page, with one value that no page sends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

from flask import Flask

from portal.access import Role
from portal.web import submissions
from tests.hostile.parameters import names_for
from tests.hostile.payloads import PAYLOADS
from tests.laws.access_matrix import OTHER, OWN, Door, World
from tests.laws.test_forms import Form

LENGTH_OF_REF = 20
KEPT = {"csrf_token", submissions.FIELD}
"""Fields without which a form is turned away before anything reads the others."""

THEIRS = "somebody else's"

Pair = tuple[str, bytes]


@dataclass(frozen=True)
class Attack:
    endpoint: str
    what: str
    method: str
    address: str
    body: str = ""


def encoded(pairs: list[Pair]) -> str:
    return "&".join(f"{quote_from_bytes(name.encode())}={_value(value)}" for name, value in pairs)


def _value(value: bytes) -> str:
    several = value == PAYLOADS["a list"]
    return value.decode() if several else quote_from_bytes(value, safe="")


def values(world: World) -> Iterator[Pair]:
    """What is sent as the value of one parameter, each with words for what it is."""
    yield from PAYLOADS.items()
    theirs = {ref for (side, _), ref in world.references.items() if side == OTHER}
    yield from ((f"somebody else's {ref}", ref.encode()) for ref in sorted(theirs))


def at_door(app: Flask, door: Door, world: World, role: Role | None) -> Iterator[Attack]:
    """Each parameter of the address, and each that its query may have."""
    rule, method = door
    own, other = (world.arguments(rule, role, side) for side in (OWN, OTHER))
    for name in sorted(rule.arguments):
        theirs = (THEIRS, str(other[name]).encode())
        for what, value in [*_fitted(), theirs]:
            address = _path(app, door, {**own, name: value})
            yield Attack(rule.endpoint, f"{name}: {what}", method, address)
    for name in names_for(app, rule.endpoint):
        for what, value in values(world):
            address = f"{_path(app, door, own)}?{encoded([(name, value)])}"
            yield Attack(rule.endpoint, f"?{name}: {what}", method, address)


def _fitted() -> Iterator[Pair]:
    """As they are, and as long as a reference, so that the address finds its view."""
    for what, value in PAYLOADS.items():
        yield what, value
        as_text = value.decode("utf-8", "replace")[:LENGTH_OF_REF].ljust(LENGTH_OF_REF, "a")
        yield f"{what}, as a reference", as_text.encode()


def _path(app: Flask, door: Door, arguments: dict[str, Any]) -> str:
    """The address with its arguments, of which some are bytes that are no text."""
    odd = {name: value for name, value in arguments.items() if isinstance(value, bytes)}
    placeholders: dict[str, Any] = {name: f"placeholder-{name}" for name in odd}
    with app.test_request_context():
        path = app.url_for(door[0].endpoint, **{**arguments, **placeholders})
    for name, value in odd.items():
        path = path.replace(placeholders[name], quote_from_bytes(value, safe=""), 1)
    return path


def in_form(form: Form, endpoint: str, world: World) -> Iterator[Attack]:
    """Each field of the form, while the others are as the page has them."""
    for name, _ in form.fields:
        for what, value in () if name in KEPT else values(world):
            pairs = [
                (one, value if one == name else _filled(one, usual)) for one, usual in form.fields
            ]
            sent = encoded(pairs)
            if form.method == "post":
                yield Attack(endpoint, f"{name}: {what}", "POST", form.address, sent)
            else:
                yield Attack(endpoint, f"?{name}: {what}", "GET", f"{form.address}?{sent}")


def _filled(name: str, usual: str) -> bytes:
    return (submissions.new_key() if name == submissions.FIELD else usual).encode()


def some(attacks: Iterable[Attack], most: int, seed: str) -> list[Attack]:
    """All that name somebody else in the address, and so many others: always the same for one seed."""
    every = list(attacks)
    crossed = [attack for attack in every if attack.what.endswith(THEIRS)]
    others = [attack for attack in every if not attack.what.endswith(THEIRS)]
    return crossed + Random(seed).sample(others, min(most, len(others)))
