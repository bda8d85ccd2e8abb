"""The portal without one of its safeguards, to show that the tests of contention can fail.

WALLS_DOWN names what is missing: `condition` for the condition under which a slot is taken.
"""

import os
from typing import Any, cast

from sqlalchemy import bindparam, update

from portal import create_app
from portal.appointments.booking import statements
from portal.models import Slot
from portal.vocabulary import SlotStatus

_slot = cast("Any", Slot.__table__)

if "condition" in os.environ["WALLS_DOWN"]:
    statements.TAKE = (
        update(_slot)
        .where(_slot.c.id == bindparam("slot_key"))
        .values(status=SlotStatus.BUSY, held_by_account_id=None, held_until=None)
    )

app = create_app()
