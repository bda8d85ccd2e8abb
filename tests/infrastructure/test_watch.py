"""Every watched figure is really measured, and alarms reach somebody."""

import re
from collections.abc import Iterator

import pytest

from portal.signin.provider.refusals import REASONS
from portal.telemetry.measures import ALL, NAMESPACE
from tests.infrastructure.account import Account
from tests.infrastructure.aws_metrics import DOCUMENTED
from tests.infrastructure.figures import (
    PREFIX,
    Figure,
    alarms,
    dashboard,
    figures_of_alarms,
    figures_of_dashboard,
)

ZONES = {"eu-west-2a", "eu-west-2b", "eu-west-2c"}
OWN = {name: measure for measure in ALL for name in measure.figures}
WORDS = {
    "Hub": {PREFIX},
    "Zone": ZONES,
    "Outcome": {"booked", "moved", "cancelled", "refused", "kept", "resting"},
    "Reason": {*REASONS.values(), "too many attempts"},
}
ROLLOUTS = "MediCareHub/Rollouts"
EVERY_MINUTE = {"OldestNoticeAge", "SnapshotAge", "QuarantineAge"}


@pytest.fixture(scope="module")
def figures(account: Account) -> list[Figure]:
    return [*figures_of_alarms(account), *figures_of_dashboard(account)]


def test_the_portal_measures_every_figure_of_its_own(figures: list[Figure]) -> None:
    own = [figure for figure in figures if figure.namespace == NAMESPACE]

    assert {figure.name for figure in own} >= {"RequestLatency", "Bookings", "SignInsFailed"}
    for figure in own:
        kept = {frozenset({"Hub", *names}) for names in OWN[figure.name].by}
        assert figure.dimensions in kept, figure
        assert all(value in WORDS[name] for name, value in figure.by), figure


def test_every_measure_of_the_portal_is_watched(figures: list[Figure]) -> None:
    looked_at = {figure.name for figure in figures if figure.namespace == NAMESPACE}

    assert OWN.keys() - looked_at <= {"UploadSize"}  # read only when somebody needs it


def test_aws_documents_every_other_figure(account: Account, figures: list[Figure]) -> None:
    counted = counted_in_logs(account)
    for figure in figures:
        if figure.namespace == NAMESPACE or (figure.namespace, figure.name) in counted:
            continue
        if figure.namespace == ROLLOUTS:
            assert figure.name == "UnderWay"  # autoscaling_refresh.py tells it
            continue
        assert figure.dimensions in DOCUMENTED[figure.namespace][figure.name], figure


def counted_in_logs(account: Account) -> set[tuple[str, str]]:
    filters = account.all("logs", "describe_metric_filters", "metricFilters")
    return {
        (one["metricNamespace"], one["metricName"])
        for found in filters
        for one in found["metricTransformations"]
    }


FOR_PRACTICE_RUNS = {f"{PREFIX}-people-suffer", f"{PREFIX}-something-is-ill"}
"""What AWS itself looks at: role zonal_shift."""


def test_every_alarm_calls_somebody_or_is_part_of_one_that_does(account: Account) -> None:
    topics = {one["TopicArn"] for one in account.all("sns", "list_topics", "Topics")}
    composites = alarms(account, "CompositeAlarm")
    parts = set(named_in(composites)) | FOR_PRACTICE_RUNS
    for alarm in [*alarms(account), *composites]:
        actions = set(alarm["AlarmActions"])
        assert actions == set(alarm["OKActions"])
        assert actions <= topics
        assert actions or alarm["AlarmName"] in parts, alarm["AlarmName"]


def named_in(composites: list[dict[str, str]]) -> Iterator[str]:
    for alarm in composites:
        yield from re.findall(r'"(.+?)"', alarm["AlarmRule"])


def test_alarms_that_the_hospital_is_down_call_at_once(account: Account) -> None:
    (down,) = [one for one in alarms(account, "CompositeAlarm") if "hospital" in one["AlarmName"]]

    assert [arn.rsplit(":")[-1] for arn in down["AlarmActions"]] == [f"{PREFIX}-alerts-now"]
    assert f'ALARM("{PREFIX}-no-instances")' in down["AlarmRule"]


@pytest.mark.parametrize("zone", sorted(ZONES))
def test_each_zone_says_when_to_shift_from_it(account: Account, zone: str) -> None:
    """When it does and when not is played in test_situations.py."""
    rules = {one["AlarmName"]: one for one in alarms(account, "CompositeAlarm")}
    shift = rules[f"{PREFIX}-shift-from-{zone}"]

    assert f'NOT ALARM("{PREFIX}-zones-ill-together")' in shift["AlarmRule"]
    assert f'NOT ALARM("{PREFIX}-rolling-out")' in shift["AlarmRule"]
    assert zone in shift["AlarmDescription"]
    assert "start-zonal-shift" in shift["AlarmDescription"]


def test_a_metric_that_stops_coming_is_an_alarm(account: Account) -> None:
    speaking = {
        alarm["MetricName"]: alarm["TreatMissingData"]
        for alarm in alarms(account)
        if alarm.get("MetricName") in EVERY_MINUTE
    }

    assert speaking == dict.fromkeys(EVERY_MINUTE, "breaching")


def test_bookings_are_compared_with_what_is_usual(account: Account) -> None:
    (stopped,) = [one for one in alarms(account) if one["AlarmName"].endswith("bookings-stopped")]
    found = account.client("cloudwatch").describe_anomaly_detectors(
        Namespace=NAMESPACE, MetricName="Bookings"
    )

    assert stopped["ComparisonOperator"] == "LessThanLowerThreshold"
    assert stopped["ThresholdMetricId"] == "band"
    assert len(found["AnomalyDetectors"]) == 1


def test_the_dashboard_has_a_row_a_zone_and_nothing_covers_anything(account: Account) -> None:
    widgets = dashboard(account)
    headings = [one["properties"]["markdown"] for one in widgets if one["type"] == "text"]
    cells = [
        (widget["x"] + column, widget["y"] + row)
        for widget in widgets
        for column in range(widget["width"])
        for row in range(widget["height"])
    ]

    assert {f"## Zone {zone}" for zone in ZONES} <= set(headings)
    assert len(cells) == len(set(cells))
    assert max(column for column, _ in cells) < 24


def test_the_dashboard_shows_alarms_that_stand(account: Account) -> None:
    standing = {one["AlarmArn"] for one in [*alarms(account), *alarms(account, "CompositeAlarm")]}
    shown = {arn for widget in dashboard(account) for arn in widget["properties"].get("alarms", [])}

    assert shown
    assert shown <= standing


@pytest.mark.parametrize("name", ["portal", "worker", "system", "audit", "trail"])
def test_log_groups_are_encrypted_and_kept(account: Account, name: str) -> None:
    (group,) = account.all(
        *("logs", "describe_log_groups", "logGroups"),
        logGroupNamePrefix=f"/medicare-hub/production/{name}",
    )

    assert ":key/" in group["kmsKeyId"]
    assert group["retentionInDays"] >= 365
