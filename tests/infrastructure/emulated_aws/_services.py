"""Whole services that moto does not have: their handlers, and what they store."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Answer = Callable[[str, str, bytes], tuple[int, dict[str, Any]]]

_ANSWERS: dict[str, Answer] = {}
_KEPT: dict[str, Mapping[str, Any]] = {}


def answers(signing_name: str, answer: Answer, *, keeping: Mapping[str, Any]) -> None:
    """Registers `answer(method, path, body)`, which returns JSON, for requests signed for the service."""
    _ANSWERS[signing_name] = answer
    _KEPT[signing_name] = keeping


def kept() -> Iterator[str]:
    """The resources in these services, in the form of `_questions.standing`."""
    for service, things in _KEPT.items():
        yield from (f"{service} - - {name}" for name in things)


def before(aws: Wsgi) -> Wsgi:
    """Puts these services before moto's."""

    def dispatch(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        scope = re.search(r"/([a-z0-9-]+)/aws4_request", environ.get("HTTP_AUTHORIZATION", ""))
        answer = _ANSWERS.get(scope[1]) if scope else None
        if answer is None:
            return aws(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, content = answer(environ["REQUEST_METHOD"], environ["PATH_INFO"], body)
        start(f"{status} -", [("Content-Type", "application/json")])
        return [json.dumps(content).encode()]

    return dispatch
