"""The faults, each in the middle of the hospital's day. This is the list of what it survives.

Each fault is a function that does to the hospital what its name says, lets people work on, and mends
it. `drill.fault` marks the moment from which everything is counted.
"""

from tests.drill.drill import Drill
from tests.drill.release import next_release

LONG_ENOUGH = 8
"""Seconds in which people work on with the fault, so that it shows."""
AWAY_FOR = 300


def nothing_happens(drill: Drill) -> None:
    """An ordinary day, for comparison."""
    drill.fault("nothing happens")
    drill.work(2 * LONG_ENOUGH)
    drill.mend()


def a_zone_is_cut_off(drill: Drill) -> None:
    """Nothing answers and nothing is refused. The primary is in it, alive and alone."""
    drill.fault("zone A is cut off", hits="zone-a")
    drill.hospital.network.cut("zone-a")
    drill.wait_for_the_promotion()
    drill.work(LONG_ENOUGH)
    drill.mend()


def a_zone_is_killed(drill: Drill) -> None:
    """It fails in steps: first it can't reach the standby, then the power goes."""
    drill.fault("zone A loses sight of zone B", hits="zone-a")
    drill.hospital.network.part("zone-a", "zone-b")
    drill.work(2)
    drill.mark("zone A is killed")
    drill.hospital.kill_zone("zone-a")
    drill.wait_for_the_promotion()
    drill.work(LONG_ENOUGH)
    drill.mend()


def the_primary_is_killed(drill: Drill) -> None:
    drill.fault("the primary is killed")
    drill.hospital.primary.kill()
    drill.wait_for_the_promotion()
    drill.work(LONG_ENOUGH)
    drill.mend()


def the_primary_is_cut_off_while_it_lives(drill: Drill) -> None:
    """Dark for everybody, for its neighbours in the zone too."""
    drill.fault("the primary is cut off")
    drill.hospital.network.silence("zone-a", "database")
    drill.wait_for_the_promotion()
    drill.work(LONG_ENOUGH)
    drill.mend()


def replies_of_commits_are_lost(drill: Drill) -> None:
    """Every fifth COMMIT is done and its answer never arrives, so the sender can't know."""
    door = drill.hospital.door
    assert door is not None
    drill.fault("replies are lost")
    door.loses_every = 5
    drill.work(2 * LONG_ENOUGH)
    door.loses_every = None
    if not door.lost:
        raise RuntimeError("no reply was lost, so this drill shows nothing")
    drill.mend()


def the_old_primary_answers_read_only(drill: Drill) -> None:
    """A switch by plan: pooled connections work, and lead to a server that takes no writes."""
    drill.fault("the roles are switched")
    drill.hospital.promotion.switch_over()
    drill.wait_for_the_promotion()
    drill.work(LONG_ENOUGH)
    drill.mend()


def a_zone_is_slow(drill: Drill) -> None:
    """200 ms there and back, and one packet in twenty lost, between zone B and everything else."""
    line = drill.hospital.network.slow_lines["zone-b"]
    drill.fault("zone B is slow", hits="zone-b")
    line.delay, line.loss = 0.1, 0.05
    drill.work(2 * LONG_ENOUGH)
    line.delay = line.loss = 0.0
    drill.mend()


def the_shared_file_system_hangs(drill: Drill) -> None:
    """In every zone at once. Only what needs a document waits for it; the rest is as fast as before."""
    drill.work(2 * LONG_ENOUGH)
    drill.fault("the share hangs")
    drill.hospital.network.silence("region", "files")
    drill.work(2 * LONG_ENOUGH)
    drill.mend()


def the_identity_provider_is_away(drill: Drill) -> None:
    """It hangs, then comes back. People who are signed in notice nothing."""
    drill.fault("the identity provider hangs")
    drill.hospital.sign_in.leave(hang=True)
    drill.work(2 * LONG_ENOUGH)
    drill.hospital.sign_in.come_back()
    drill.mend()


def an_instance_is_drained(drill: Drill) -> None:
    """As before an instance is replaced: nobody may notice."""
    drill.fault("zone C is drained", hits="zone-c")
    drill.hospital.restart_web("zone-c")
    drill.work(LONG_ENOUGH)
    drill.mend()


def a_release_is_rolled_out(drill: Drill) -> None:
    """The schema grows, then every instance is replaced, one after another."""
    release = next_release(drill.hospital.programs.folder)
    drill.fault("a release is rolled out", hits="zone-a zone-b zone-c")
    drill.hospital.migrate(release)
    drill.mark("migrated")
    for zone in drill.hospital.portals:
        drill.hospital.restart_web(zone)
        drill.hospital.restart_worker(zone)
        drill.mark(f"{zone} is replaced")
        drill.work(1)
    drill.mend()


def the_worker_is_killed_in_the_middle_of_a_send(drill: Drill) -> None:
    """The mail server has the message and has not acknowledged it yet."""
    drill.hospital.mail.gate.clear()
    assert drill.hospital.mail.waiting.wait(30), "nothing was sent"
    drill.fault("the workers are killed")
    drill.hospital.kill_workers()
    drill.work(1)
    drill.hospital.mail.gate.set()
    drill.hospital.start_workers()
    drill.hospital.let_leases_end()
    drill.work(LONG_ENOUGH)
    drill.mend()


def the_database_is_away_for_five_minutes(drill: Drill) -> None:
    the_database_is_away(drill, AWAY_FOR)


def the_database_is_away(drill: Drill, seconds: float = 25) -> None:
    """And nobody takes its place."""
    drill.hospital.promotion.end()
    drill.fault("the database is away")
    drill.hospital.network.silence("zone-a", "database")
    drill.work(seconds)
    drill.mend()
