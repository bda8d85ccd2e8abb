"""Opens a hospital, and closes it so that nothing is left behind."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.drill.balancers import start_node, start_relays
from tests.drill.building import network
from tests.drill.clocks import Clock
from tests.drill.database import Database
from tests.drill.disks import small_disk
from tests.drill.furnishing import Furnishing
from tests.drill.hospital import PLACES, ZONES, Hospital
from tests.drill.lost_replies import losing_door
from tests.drill.mail_sink import running_mail_sink
from tests.drill.names import NameServer
from tests.drill.portals import Portal, SignIn
from tests.drill.programs import Programs
from tests.drill.promotion import Promotion
from tests.drill.settings import DATABASE, DATABASE_NAME
from tests.drill.share import FOLDER, Share, remove_leftovers

_JUST_SEEN = """
UPDATE sign_in_session
SET last_seen_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL 8 HOUR
"""


@dataclass(frozen=True)
class Plan:
    """How a hospital differs from the usual one, for mutations and some faults."""

    mutation: str | None = None
    """One of `mutations.py`, by name."""
    semi_synchronous: bool = True
    name_delay: float = 0.0
    fences: bool = True
    """Whether the old primary is switched off before the standby is promoted."""
    clocks: tuple[str, ...] = ()
    """Zones whose clocks can be moved."""
    disk_megabytes: int | None = None
    """The size of the primary's disk. The default is the disk of this machine."""
    slow_zone: str | None = None
    loses_replies: bool = False
    """Puts a proxy before the database that can lose the replies of commits."""
    statements: tuple[str, ...] = ()
    """Changes the primary's data before anybody comes."""


@contextmanager
def hospital(furnishing: Furnishing, plan: Plan) -> Iterator[Hospital]:
    """Opens a hospital, and removes all of it at the end."""
    with ExitStack() as stack:
        programs, share = _places(stack, furnishing, plan)
        names = NameServer(programs)
        primary, standby = _pair(programs, furnishing, plan, stack)
        clocks = {zone: Clock.right(programs.folder / f"{zone}.clock") for zone in plan.clocks}
        names.point(DATABASE_NAME, primary.address)
        opened = Hospital(
            network=programs.network,
            programs=programs,
            names=names,
            primary=primary,
            standby=standby,
            promotion=Promotion(
                programs.network, names, primary, standby, plan.name_delay, fences=plan.fences
            ),
            portals=_portals(programs, furnishing, plan, share, clocks),
            clocks=clocks,
            sign_in=SignIn(programs, furnishing.population.cognito_accounts),
            mail=stack.enter_context(running_mail_sink(programs.network, "region")),
            furnishing=furnishing,
            share=share,
            is_semi_synchronous=plan.semi_synchronous,
        )
        if plan.loses_replies:
            opened.door = stack.enter_context(losing_door(opened.network, primary.address))
            names.point(DATABASE_NAME, opened.door.address)
        stack.callback(lambda: opened.promotion.end())
        _open_doors(opened)
        yield opened


def _places(stack: ExitStack, furnishing: Furnishing, plan: Plan) -> tuple[Programs, Share]:
    """The network without programs, and the shared file system."""
    remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    slow = (plan.slow_zone,) if plan.slow_zone else ()
    programs = Programs(stack.enter_context(network(*PLACES, slow=slow)), folder)
    share = Share(programs)
    stack.callback(share.unmount)
    stack.callback(programs.kill_all)
    share.serve(furnishing.files)
    return programs, share


def _pair(
    programs: Programs, furnishing: Furnishing, plan: Plan, stack: ExitStack
) -> tuple[Database, Database]:
    pair = [
        Database(zone, programs.folder / zone, programs, number)
        for number, zone in enumerate(ZONES[:2], 1)
    ]
    for one in pair:
        one.folder.mkdir()
        if one is pair[0] and plan.disk_megabytes:
            stack.enter_context(small_disk(one.folder, plan.disk_megabytes))
            stack.callback(programs.kill_all)
        one.furnish(furnishing.data)
    primary, standby = pair
    primary.start()
    standby.start("--read-only=ON")
    standby.follow(primary)
    primary.require_standby(wanted=plan.semi_synchronous)
    primary.tell(f"USE {DATABASE}", _JUST_SEEN, *plan.statements)
    return primary, standby


def _portals(
    programs: Programs,
    furnishing: Furnishing,
    plan: Plan,
    share: Share,
    clocks: Mapping[str, Clock],
) -> dict[str, Portal]:
    portals = {
        zone: Portal(programs, zone, furnishing.password, share.mounted(zone), plan.mutation)
        for zone in ZONES
    }
    for zone, clock in clocks.items():
        portals[zone].environment |= clock.environment()
    return portals


def _open_doors(opened: Hospital) -> None:
    """Starts everything that people use. The load balancer starts last, when all else answers."""
    # All names must be known by now: a new one would make it reload while it starts.
    opened.names.start()
    for place in ("region", "people"):
        start_relays(opened.programs, place)
    for zone, portal in opened.portals.items():
        opened.share.mount(zone)
        portal.start_web()
    opened.start_workers()
    for portal in opened.portals.values():
        portal.wait_until_it_answers(opened.network)
    opened.sign_in.wait_until_it_answers()
    opened.balancers = {zone: start_node(opened.programs, zone, ZONES) for zone in ZONES}
    opened.promotion.begin()
