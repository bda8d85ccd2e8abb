"""The hospital in miniature: three zones, a region, and the people outside.

zone-a   portal, worker, load balancer's node, MariaDB primary
zone-b   portal, worker, load balancer's node, MariaDB standby
zone-c   portal, load balancer's node
region   name server, development Cognito, mail server, what promotes the standby
people   everybody's browsers
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pymysql import OperationalError

from portal.database.migrating import CHANGED
from tests.drill.balancers import Balancer, start_node
from tests.drill.clocks import Clock
from tests.drill.database import Database, is_replicated
from tests.drill.furnishing import Furnishing
from tests.drill.lost_replies import LosingDoor
from tests.drill.mail_sink import MailSink
from tests.drill.names import NameServer
from tests.drill.network import Network
from tests.drill.portals import Portal, SignIn
from tests.drill.programs import START_SECONDS, NotReady, Programs, wait_until
from tests.drill.promotion import Promotion
from tests.drill.settings import DATABASE, MIGRATION_ACCOUNT, database_url
from tests.drill.share import Share

_TO_BE_SENT = """
SELECT COUNT(*) FROM notice WHERE state = 'sending'
OR state = 'waiting' AND (due_at <= UTC_TIMESTAMP(6) OR attempts > 0)
"""
_HASTEN = "UPDATE notice SET due_at = UTC_TIMESTAMP(6) WHERE state = 'waiting' AND attempts > 0"

ZONES = ("zone-a", "zone-b", "zone-c")
SENDING_SECONDS = 30
"""For the outbox; after it, a worker that still sends counts as dead."""
HASTEN_EVERY = 1
REPLICATION_SECONDS = 15
PLACES = (*ZONES, "region", "people")


@dataclass
class Hospital:
    """Everything that a fault can change."""

    network: Network
    programs: Programs
    names: NameServer
    primary: Database
    standby: Database
    promotion: Promotion
    portals: dict[str, Portal]
    sign_in: SignIn
    mail: MailSink
    furnishing: Furnishing
    share: Share
    balancers: dict[str, Balancer] = field(default_factory=dict)
    door: LosingDoor | None = None
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    """Those that can be put forward or back, by zone."""
    is_semi_synchronous: bool = True

    @property
    def leading(self) -> Database:
        """The server that holds the truth."""
        return self.primary if self.promotion.moments.promoted is None else self.standby

    def require_replication(self) -> None:
        """Raises `NotReady` when commits would be acknowledged without the standby."""
        if self.is_semi_synchronous:
            wait_until(
                lambda: is_replicated(self.leading.replication()),
                "semi-synchronous replication",
                REPLICATION_SECONDS,
            )

    def kill_zone(self, zone: str) -> None:
        """The power goes. The network first: the kernel of a killed program still closes connections."""
        self.network.cut(zone)
        for program in self.programs.in_place(zone):
            program.kill()

    def power_returns(self, zone: str) -> None:
        """Starts what ran there, but for the database."""
        portal = self.portals[zone]
        self.share.mount(zone)
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

    def exchange_roles(self) -> None:
        """After a promotion: the new leader is the primary, and is watched."""
        before = self.promotion
        before.end()
        self.primary, self.standby = self.standby, self.primary
        self.promotion = Promotion(
            self.network, self.names, self.primary, self.standby, before.name_delay
        )
        self.promotion.begin()

    def migrate(self, release: Path) -> None:
        """Every zone gets the release and brings the schema to it, all at the same time."""
        url = database_url(self.furnishing.migration_password, account=MIGRATION_ACCOUNT)
        for portal in self.portals.values():
            portal.release = release
        migrating = [portal.begin_to_migrate(url) for portal in self.portals.values()]
        for one in migrating:
            assert one.process.wait(START_SECONDS) == 0, one.log.read_text()
        changed = [CHANGED in one.log.read_text() for one in migrating]
        assert sum(changed) == 1, f"{sum(changed)} of them changed the schema"

    def kill_workers(self) -> None:
        for portal in self.portals.values():
            if portal.worker is not None:
                portal.worker.kill()

    def start_workers(self) -> None:
        for zone in (self.primary.place, self.standby.place):
            self.portals[zone].start_worker()

    def restart_worker(self, zone: str) -> None:
        """Where there is one: it finishes what it is at, hands back the rest, and its successor starts."""
        portal = self.portals[zone]
        if portal.worker is not None:
            portal.worker.stop()
            portal.start_worker()

    def let_leases_end(self) -> None:
        """As if the time had passed after which another worker may take a notice up."""
        self.leading.tell(
            f"USE {DATABASE}",
            "UPDATE notice SET due_at = UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE WHERE state = 'sending'",
        )

    def let_the_outbox_empty(self) -> None:
        """Waits until every notice that is due is sent, as if the pauses between two tries were over.

        What is not sent by then the checker misses in the mail.
        """
        for _ in range(2):
            with suppress(NotReady):
                wait_until(self._has_told_everybody, "the last email", SENDING_SECONDS)
                return
            self.let_leases_end()

    def _has_told_everybody(self) -> bool:
        """Checks whether all are sent, and makes waiting notices due at once."""
        if self.leading.tell(f"USE {DATABASE}", _TO_BE_SENT) == [(0,)]:
            return True
        # A worker that has the row at this moment is not waited for.
        with suppress(OperationalError):
            self.leading.tell(f"USE {DATABASE}", "SET innodb_lock_wait_timeout = 1", _HASTEN)
        time.sleep(HASTEN_EVERY)
        return False

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
