"""All drills, in the order in which they run."""

from tests.drill import faults, partitions, stalls
from tests.drill.drill import EVERYBODY, WHO_IS_SIGNED_IN, WHO_NEEDS_NO_PAPERS, Scenario
from tests.drill.load import VISITS_A_SECOND
from tests.drill.opening import Plan

DISK_MEGABYTES = 1024

SCENARIOS = (
    Scenario(faults.a_zone_is_cut_off),
    Scenario(faults.a_zone_is_killed),
    Scenario(faults.the_primary_is_killed),
    Scenario(faults.the_primary_is_cut_off_while_it_lives),
    Scenario(faults.replies_of_commits_are_lost, Plan(loses_replies=True)),
    Scenario(faults.the_old_primary_answers_read_only),
    Scenario(faults.a_zone_is_slow, Plan(slow_zone="zone-b")),
    Scenario(
        faults.the_shared_file_system_hangs, unnoticed_by=WHO_NEEDS_NO_PAPERS, keeps_pace=True
    ),
    Scenario(faults.the_identity_provider_is_away, unnoticed_by=WHO_IS_SIGNED_IN),
    Scenario(faults.an_instance_is_drained, unnoticed_by=EVERYBODY),
    Scenario(faults.a_release_is_rolled_out, unnoticed_by=EVERYBODY),
    Scenario(faults.the_worker_is_killed_in_the_middle_of_a_send, unnoticed_by=EVERYBODY),
    Scenario(stalls.the_standby_stands_still),
    Scenario(stalls.rows_are_locked),
    Scenario(stalls.the_name_server_does_not_answer),
    Scenario(stalls.the_share_is_full, unnoticed_by=WHO_NEEDS_NO_PAPERS),
    Scenario(stalls.the_share_reports_errors, unnoticed_by=WHO_NEEDS_NO_PAPERS),
    Scenario(stalls.the_share_writes_half, unnoticed_by=WHO_NEEDS_NO_PAPERS),
    Scenario(stalls.workers_are_killed_every_three_seconds),
    Scenario(stalls.clocks_step, Plan(clocks=("zone-b", "zone-c"))),
    Scenario(stalls.another_client_takes_all_connections),
    Scenario(stalls.the_disk_of_the_primary_is_full, Plan(disk_megabytes=DISK_MEGABYTES)),
    Scenario(partitions.a_zone_without_the_primary_is_cut_off),
    Scenario(partitions.a_third_of_all_packets_is_lost, Plan(slow_zone="zone-b")),
    Scenario(partitions.a_zone_hears_nothing),
    Scenario(partitions.a_zone_flaps),
    Scenario(partitions.the_old_primary_lives_on, Plan(fences=False)),
    Scenario(partitions.there_and_back),
    Scenario(partitions.a_zone_is_cut_off_during_a_release),
)
LONG = Scenario(faults.the_database_is_away_for_five_minutes, visits_a_second=VISITS_A_SECOND / 4)
"""It runs in parallel with the others, because it takes longer than half of them together."""
LATE_NAME = Scenario(
    faults.a_zone_is_cut_off,
    Plan(name_delay=60),
    called="a zone is cut off and the name moves a minute late",
)
"""As with RDS: a minute from the promotion until the name points to the new primary."""
SHORT = (SCENARIOS[0], SCENARIOS[4])
