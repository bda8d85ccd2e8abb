"""The tools for sending. The worker passes them in, because rendering needs Flask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.notices.mail import Transport

Render = Callable[[str, Mapping[str, object]], str]
"""The text of a template, such as `notices/subject.txt`, with these values."""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """The renderer and the transport of messages. `link` is the address of the sign-in page."""

    transport: Transport
    render: Render
    sender: str
    link: str
