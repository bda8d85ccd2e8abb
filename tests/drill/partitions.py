"""Partitions other than one clean cut: lost packets, one direction only, repeated, there and back."""

from tests.drill.drill import Drill
from tests.drill.faults import LONG_ENOUGH
from tests.drill.release import next_release

FLAPS, DARK_SECONDS, LIGHT_SECONDS = 6, 2, 3
ORPHAN_SECONDS = 60
"""Rows that a transaction in a dark zone has locked must be unlocked within this time."""


def a_zone_without_the_primary_is_cut_off(drill: Drill) -> None:
    """No database is in this zone. A transaction of its portal dies and leaves its locks behind."""
    with drill.orphaned_lock("zone-c"):
        drill.fault("zone C is cut off", hits="zone-c")
        drill.hospital.network.cut("zone-c")
        drill.wait_for_the_lock(ORPHAN_SECONDS)
        drill.work(LONG_ENOUGH)
    drill.mend()


def a_third_of_all_packets_is_lost(drill: Drill) -> None:
    """Between the standby's zone and everything else."""
    line = drill.hospital.network.slow_lines["zone-b"]
    drill.fault("zone B loses packets", hits="zone-b")
    line.loss = 0.3
    drill.work(3 * LONG_ENOUGH)
    line.loss = 0.0
    drill.mend()


def a_zone_hears_nothing(drill: Drill) -> None:
    """Zone A can still send, but receives nothing."""
    drill.fault("zone A is deaf", hits="zone-a")
    drill.hospital.network.deafen("zone-a")
    drill.wait_for_the_promotion()
    drill.work(LONG_ENOUGH)
    drill.mend()


def a_zone_flaps(drill: Drill) -> None:
    """Dark for two seconds and back for three, too short for a promotion, again and again."""
    drill.fault("zone A flaps", hits="zone-a")
    for _ in range(FLAPS):
        drill.hospital.network.cut("zone-a")
        drill.work(DARK_SECONDS)
        drill.hospital.network.heal()
        drill.work(LIGHT_SECONDS)
    if drill.hospital.promotion.moments.detected:
        drill.wait_for_the_promotion()
    drill.mend()


def the_old_primary_lives_on(drill: Drill) -> None:
    """The standby is promoted. Nobody fences the old primary, which its own zone and zone C still reach."""
    network = drill.hospital.network
    drill.fault("zone A loses sight of zone B and the region", hits="zone-a")
    network.part("zone-a", "zone-b")
    network.part("zone-a", "region")
    drill.wait_for_the_promotion()
    drill.work(LONG_ENOUGH)
    network.heal()
    drill.mark("both primaries are seen")
    drill.work(LONG_ENOUGH)
    drill.hospital.primary.kill()
    drill.mark("the old one is fenced")
    drill.mend()


def there_and_back(drill: Drill) -> None:
    """Zone A is cut off. When it is back as standby, zone B is cut off, and zone A is primary again."""
    for zone in ("zone-a", "zone-b"):
        drill.fault(f"{zone} is cut off", hits=zone)
        drill.hospital.network.cut(zone)
        drill.wait_for_the_promotion()
        drill.work(LONG_ENOUGH)
        drill.mend()
        if zone == "zone-a":
            drill.hospital.exchange_roles()


def a_zone_is_cut_off_during_a_release(drill: Drill) -> None:
    """One instance is replaced, then the primary's zone goes dark, then the rollout continues."""
    release = next_release(drill.hospital.programs.folder)
    drill.fault("a release is rolled out", hits="zone-a zone-b zone-c")
    drill.hospital.migrate(release)
    drill.hospital.restart_web("zone-c")
    drill.mark("zone A is cut off")
    drill.hospital.network.cut("zone-a")
    drill.hospital.restart_web("zone-b")
    drill.hospital.restart_worker("zone-b")
    drill.wait_for_the_promotion()
    drill.work(LONG_ENOUGH)
    drill.mend()
    drill.hospital.restart_web("zone-a")
    drill.hospital.restart_worker("zone-a")
