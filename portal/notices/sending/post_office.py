"""What sending needs. The worker brings it along, because rendering needs Flask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.notices.mail import Transport

Render = Callable[[str, Mapping[str, object]], str]
"""The text of a template, such as `notices/subject.txt`, with these values."""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """How messages are made and where they go. `link` is where people sign in."""

    transport: Transport
    render: Render
    sender: str
    link: str
