"""Makes future slots, one practitioner at a time."""

import logging

from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.context import Contexts
from portal.database import lost
from portal.errors import Unavailable
from portal.schedules.slots import actions, queries
from portal.telemetry.traces import place_of

log = logging.getLogger(__name__)


def make_slots(contexts: Contexts) -> bool:
    """Uses one transaction per practitioner, so that one failure does not stop the others.

    Raises the first failure at the end, so that the job counts as failed.
    """
    with contexts.read() as context:
        whose = queries.with_timetable(context.session)
    faults: list[Exception] = []
    for practitioner_id in whose:
        try:
            with contexts.begin() as context:
                actions.make_slots(context, practitioner_id=practitioner_id)
        except Exception as fault:
            if lost(fault) or isinstance(fault, Unavailable | PoolTimeout):
                raise
            kind, place = type(fault).__name__, place_of(fault)
            log.error("make slots: practitioner %d: %s at %s", practitioner_id, kind, place)
            faults.append(fault)
    if faults:
        raise faults[0]
    return False
