"""The hospital in miniature: three zones, a region, and the people outside.

zone-a   portal, worker, load balancer's node, MariaDB primary
zone-b   portal, worker, load balancer's node, MariaDB standby
zone-c   portal, load balancer's node
region   name server, development Cognito, mail server, what promotes the standby
people   everybody's browsers
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.drill.balancers import Balancer, start_node, start_relays
from tests.drill.building import network
from tests.drill.database import Database
from tests.drill.furnishing import Furnishing
from tests.drill.lost_replies import LosingDoor, losing_door
from tests.drill.mail_sink import MailSink, running_mail_sink
from tests.drill.names import NameServer
from tests.drill.network import Network
from tests.drill.portals import Portal, SignIn
from tests.drill.programs import Programs
from tests.drill.promotion import Promotion
from tests.drill.settings import DATABASE, DATABASE_NAME

ZONES = ("zone-a", "zone-b", "zone-c")
PLACES = (*ZONES, "region", "people")

_JUST_SEEN = """
UPDATE sign_in_session
SET last_seen_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL 8 HOUR
"""


@dataclass(frozen=True)
class Plan:
    """How a hospital differs from the usual one; mutations and some faults need it."""

    mutation: str | None = None
    """One of `mutations.py`, by name."""
    semi_synchronous: bool = True
    name_delay: float = 0.0
    slow_zone: str | None = None
    loses_replies: bool = False
    """Puts the door before the database that can lose the replies of commits."""
    statements: tuple[str, ...] = ()
    """What is done to the primary's data before anybody comes."""


@dataclass
class Hospital:
    """Everything that a fault can befall."""

    network: Network
    programs: Programs
    names: NameServer
    primary: Database
    standby: Database
    promotion: Promotion
    portals: dict[str, Portal]
    balancers: dict[str, Balancer]
    sign_in: SignIn
    mail: MailSink
    furnishing: Furnishing
    door: LosingDoor | None = None

    @property
    def leading(self) -> Database:
        """The server that holds the truth."""
        return self.primary if self.promotion.moments.promoted is None else self.standby

    def kill_zone(self, zone: str) -> None:
        """The power goes. Dark first: a dying program's kernel still says good-bye."""
        self.network.cut(zone)
        for program in self.programs.in_place(zone):
            program.kill()

    def power_returns(self, zone: str) -> None:
        """Starts what ran there, but for the database."""
        portal = self.portals[zone]
        portal.start_web()
        if zone in (self.primary.place, self.standby.place):
            portal.start_worker()
        portal.wait_until_it_answers(self.network)
        self.balancers[zone] = start_node(self.programs, zone, ZONES)

    def mend(self) -> None:
        """Heals the lines, and starts what does not run."""
        self.network.heal()
        for zone, portal in self.portals.items():
            if portal.web is None or not portal.web.runs:
                self.power_returns(zone)
        if not self.primary.runs:
            self.promotion.bring_back_the_old_primary()

    def migrate(self) -> None:
        """What an expanding migration does, by the owner of the database."""
        self.leading.tell(f"USE {DATABASE}", "ALTER TABLE appointment ADD COLUMN drilled INT")

    def kill_workers(self) -> None:
        for portal in self.portals.values():
            if portal.worker is not None:
                portal.worker.kill()

    def start_workers(self) -> None:
        for zone in (self.primary.place, self.standby.place):
            self.portals[zone].start_worker()

    def let_leases_end(self) -> None:
        """As if the five minutes had passed after which another worker may take a notice up."""
        self.leading.tell(
            f"USE {DATABASE}",
            "UPDATE notice SET due_at = UTC_TIMESTAMP(6) WHERE state = 'sending'",
        )

    def restart_web(self, zone: str) -> None:
        """As a deployment does: nobody new is sent there, it ends by itself, its successor starts."""
        for node in self.balancers.values():
            node.drain(zone)
        portal = self.portals[zone]
        assert portal.web is not None
        portal.web.stop()
        portal.start_web()
        portal.wait_until_it_answers(self.network)
        for node in self.balancers.values():
            node.ready(zone)


@contextmanager
def hospital(furnishing: Furnishing, plan: Plan) -> Iterator[Hospital]:
    """Opens a hospital; everything of it is gone at the end."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="medicare-hub-drill-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        slow = (plan.slow_zone,) if plan.slow_zone else ()
        net = stack.enter_context(network(*PLACES, slow=slow))
        programs = Programs(net, folder)
        stack.callback(programs.kill_all)
        mail = stack.enter_context(running_mail_sink(net, "region"))
        opened = _open(net, programs, furnishing, plan, mail)
        if plan.loses_replies:
            opened.door = stack.enter_context(losing_door(net, opened.primary.address))
            opened.names.point(DATABASE_NAME, opened.door.address)
        stack.callback(opened.promotion.end)
        yield opened


def _open(
    net: Network, programs: Programs, furnishing: Furnishing, plan: Plan, mail: MailSink
) -> Hospital:
    primary, standby = _pair(programs, furnishing, plan)
    names = NameServer(programs)
    names.point(DATABASE_NAME, primary.address)
    names.start()
    sign_in = SignIn(programs, furnishing.population.cognito_accounts)
    for place in ("region", "people"):
        start_relays(programs, place)
    portals = {zone: Portal(programs, zone, furnishing.password, plan.mutation) for zone in ZONES}
    for portal in portals.values():
        portal.start_web()
    for zone in (primary.place, standby.place):
        portals[zone].start_worker()
    for portal in portals.values():
        portal.wait_until_it_answers(net)
    sign_in.wait_until_it_answers()
    balancers = {zone: start_node(programs, zone, ZONES) for zone in ZONES}
    promotion = Promotion(net, names, primary, standby, plan.name_delay)
    promotion.begin()
    return Hospital(
        net, programs, names, primary, standby, promotion, portals, balancers, sign_in, mail,
        furnishing,
    )  # fmt: skip


def _pair(programs: Programs, furnishing: Furnishing, plan: Plan) -> tuple[Database, Database]:
    pair = [Database(zone, programs.folder / zone, programs) for zone in ZONES[:2]]
    for one in pair:
        one.folder.mkdir()
        one.furnish(furnishing.data)
    primary, standby = pair
    primary.start(1)
    standby.start(2, "--read-only=ON")
    standby.follow(primary)
    primary.require_standby(wanted=plan.semi_synchronous)
    primary.tell(f"USE {DATABASE}", _JUST_SEEN, *plan.statements)
    return primary, standby
