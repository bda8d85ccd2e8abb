"""What no answer may have, whatever was sent."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.hostile.attacks import Attack
from tests.hostile.payloads import ELSEWHERE, INJECTED, MARK, QUOTED, SUM

PROVIDER_AWAY = 503
RAW = re.compile(
    rf"<{MARK}>|{QUOTED}[\"']|<script>{MARK}|(?:href|src|action)=[\"']?javascript:{MARK}"
)
CALCULATED = f"{MARK}{SUM}"


def faults_of(attack: Attack, answer: TestResponse, hidden: frozenset[str]) -> Iterator[str]:
    """`hidden` are words about other people that this answer may not have."""
    if answer.status_code >= 500 and answer.status_code != PROVIDER_AWAY:
        yield f"answers {answer.status_code}"
    yield from _headers(answer)
    text = answer.get_data().decode("utf-8", "replace")
    if answer.mimetype in {"text/html", "image/svg+xml"} and RAW.search(text):
        yield "shows what was sent without escaping it"
    if CALCULATED in text:
        yield "calculates what was sent"
    if "root:x:0" in text:
        yield "shows a file of the machine"
    yield from (f"shows {word}" for word in sorted(hidden) if word in text)


def _headers(answer: TestResponse) -> Iterator[str]:
    if INJECTED in answer.headers:
        yield "has a header that was sent"
    if any(sign in value for value in answer.headers.values() for sign in "\r\n\0"):
        yield "has a header with a line break"
    # Browsers read a backslash in an address as a slash.
    if urlsplit((answer.location or "").replace("\\", "/")).hostname == ELSEWHERE:
        yield f"leads to {ELSEWHERE}"
