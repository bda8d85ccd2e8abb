"""What moto's EventBridge lacks."""

import json

from moto.events.models import EventPattern
from moto.events.responses import EventsHandler


def fill_gaps() -> None:
    # moto can match an event with a pattern, but has no API operation for it.
    EventsHandler.test_event_pattern = _test_event_pattern


def _test_event_pattern(response: EventsHandler) -> tuple[str, dict[str, str]]:
    pattern = EventPattern.load(response._get_param("EventPattern"))
    event = json.loads(response._get_param("Event"))
    return response._create_response({"Result": pattern.matches_event(event)})
