"""Faults that stop no process: something hangs, is full, or gives wrong answers.

The functions are like those in `faults.py`. Network partitions are in `partitions.py`.
"""

from tests.drill.crowd import crowd
from tests.drill.disks import fill, make_room
from tests.drill.drill import Drill
from tests.drill.settings import ACCOUNT
from tests.drill.share_server import BROKEN, FULL, SHORT

STALL = 20
"""Seconds."""
NAMES_AWAY = 60
CONNECTIONS = 40
EVERY_SLOT = "SELECT id FROM slot WHERE starts_at > UTC_TIMESTAMP(6) FOR UPDATE"


def the_standby_stands_still(drill: Drill) -> None:
    """The standby's disk is frozen: every commit of the primary waits for it."""
    drill.fault("the standby stands still")
    drill.hospital.standby.stand_still()
    drill.work(STALL)
    drill.hospital.standby.go_on()
    drill.mend()


def rows_are_locked(drill: Drill) -> None:
    """A transaction locks the rows of every time that can be booked."""
    drill.fault("the slots' rows are locked")
    with drill.hospital.primary.transaction(EVERY_SLOT):
        drill.work(STALL)
    drill.mend()


def the_name_server_does_not_answer(drill: Drill) -> None:
    """All servers run, but new connections can't look up their addresses."""
    drill.fault("the name server is silent")
    drill.hospital.names.stop_answering()
    drill.hospital.primary.disconnect(ACCOUNT)
    drill.work(NAMES_AWAY)
    drill.hospital.names.answer_again()
    drill.mend()


def the_share_is_full(drill: Drill) -> None:
    _the_share_misbehaves(drill, FULL)


def the_share_reports_errors(drill: Drill) -> None:
    """Every write fails with an input/output error."""
    _the_share_misbehaves(drill, BROKEN)


def the_share_writes_half(drill: Drill) -> None:
    """Every write stores half of its data, and reports that."""
    _the_share_misbehaves(drill, SHORT)


def _the_share_misbehaves(drill: Drill, how: str) -> None:
    drill.fault(f"the share is {how}")
    drill.hospital.share.misbehave(how)
    drill.work(2 * STALL)
    drill.hospital.share.behave()
    drill.mend()


def workers_are_killed_every_three_seconds(drill: Drill) -> None:
    """Kills the workers that send and scan, and gunicorn's in one zone after another."""
    drill.fault("workers are killed", hits="zone-a zone-b zone-c")
    for zone in (*drill.hospital.portals, *drill.hospital.portals):
        drill.hospital.kill_workers()
        web = drill.hospital.portals[zone].web
        assert web is not None
        web.kill_children()
        drill.hospital.start_workers()
        drill.work(3)
    drill.hospital.let_leases_end()
    drill.mend()


def clocks_step(drill: Drill) -> None:
    """Zone B's clock goes 90 s ahead, then zone C's goes 90 s behind, then both are right again."""
    drill.fault("zone B's clock goes 90 s forward")
    drill.hospital.clocks["zone-b"].step(90)
    drill.work(STALL)
    drill.mark("zone C's clock goes 90 s back")
    drill.hospital.clocks["zone-c"].step(-90)
    drill.work(STALL)
    for clock in drill.hospital.clocks.values():
        clock.step(0)
    drill.mend()


def another_client_takes_all_connections(drill: Drill) -> None:
    opened = drill.hospital
    drill.fault("another client takes all connections")
    opened.primary.tell(f"SET GLOBAL max_connections = {CONNECTIONS}")
    with crowd(opened.network, opened.primary, ACCOUNT, opened.furnishing.password) as pressing:
        drill.work(STALL)
    if not pressing.refused:
        raise RuntimeError("no connection was refused, so this drill shows nothing")
    opened.primary.tell("SET GLOBAL max_connections = 300")
    drill.mend()


def the_disk_of_the_primary_is_full(drill: Drill) -> None:
    """It answers but accepts no change. RDS does not promote the standby, whose disk is full too."""
    drill.fault("the primary's disk is full")
    fill(drill.hospital.primary.folder)
    drill.work(STALL)
    make_room(drill.hospital.primary.folder)
    drill.mend()
