"""Addresses for tests that only the emulated AWS has.

GET /hub/standing?regions=a,b   all resources, as lines "service region collection key"
GET /hub/actions                every action that a playbook requested, as "service:Action"
GET /hub/later?days=4           lets days pass for the locks of backup vaults
GET /hub/copy                   the address of a new copy with all resources; /hub/end there ends it
GET /hub/suffer?dark=eu-west-2a sets the current faults (`misfortunes`); without arguments there are none
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

from moto.backends import get_backend, list_of_moto_modules
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.responses import BaseResponse

from tests.infrastructure.emulated_aws import _copies, misfortunes, recovery_points
from tests.infrastructure.emulated_aws._leftovers import is_a_leftover
from tests.infrastructure.emulated_aws._services import Wsgi, kept

backend_of: Callable[[str], Any] = get_backend

PLAYBOOKS = "Ansible/"
"""The user agent of boto3 in an Ansible module."""


class Questions:
    """Answers /hub/… itself and forwards all other requests."""

    def __init__(self, aws: Wsgi) -> None:
        self.aws = aws
        self.actions: set[str] = set()
        self._listen()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        question = environ["PATH_INFO"]
        if not question.startswith("/hub/"):
            return self.aws(environ, start)
        answer = self._answer(question, parse_qs(environ["QUERY_STRING"]))
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    def _answer(self, question: str, options: dict[str, list[str]]) -> Any:
        if question == "/hub/standing":
            return sorted(standing(options["regions"][0].split(",")))
        if question == "/hub/actions":
            return sorted(self.actions)
        if question == "/hub/later":
            return recovery_points.let_days_pass(int(options["days"][0]))
        if question == "/hub/suffer":
            return misfortunes.suffer(options)
        if question == "/hub/copy":
            return _copies.copy(self, self.actions)
        if question == "/hub/end":
            return _copies.end()
        return f"no such question: {question}"

    def _listen(self) -> None:
        call_action = BaseResponse.call_action
        actions = self.actions

        def listening(response: BaseResponse) -> Any:
            if PLAYBOOKS in response.headers.get("User-Agent", ""):
                actions.add(f"{response.service_name}:{response._get_action()}")
            return call_action(response)

        BaseResponse.call_action = listening


def standing(regions: list[str]) -> Iterator[str]:
    """All that moto's backends store, in every service: keys of collections, and flags that are on."""
    yield from kept()
    for service in list_of_moto_modules():
        for region, backend in _backends(service, regions):
            for name, value in list(vars(backend).items()):
                if not name.startswith("_"):
                    for key, thing in _things(value):
                        if not is_a_leftover(service, name, thing):
                            yield f"{service} {region} {name} {key}"


def _backends(service: str, regions: list[str]) -> Iterator[tuple[str, Any]]:
    try:
        of_account = backend_of(service)[DEFAULT_ACCOUNT_ID]
    except (AttributeError, KeyError, ImportError):
        return  # a moto module without a backend
    for region in ("aws", *regions):
        if region in of_account.regions or region in of_account:
            yield region, of_account[region]


def _things(kept: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(kept, Mapping):
        yield from _entries(kept)
    elif isinstance(kept, list | set):
        yield from ((str(getattr(thing, "name", thing)), thing) for thing in list(kept))
    elif isinstance(kept, bool):
        yield str(kept), kept
    elif hasattr(kept, "__dict__"):
        yield type(kept).__name__, kept


def _entries(kept: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """The keys of a dictionary, one level deeper when it contains dictionaries of things."""
    for key, thing in list(kept.items()):
        if isinstance(thing, dict) and all(hasattr(inner, "__dict__") for inner in thing.values()):
            yield from ((f"{key}/{name}", inner) for name, inner in list(thing.items()))
        elif thing or not isinstance(thing, dict | list | set):
            yield str(key), thing
