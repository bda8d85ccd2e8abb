"""The tables of alarms: how a row becomes what CloudWatch wants, and how alarms follow their table."""

import json
import runpy
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.infrastructure.account import Account
from tests.infrastructure.playbooks import ANSIBLE, PROGRAMS, environment_for

ROWS = runpy.run_path(str(ANSIBLE / "plugins" / "module_utils" / "alarm_rows.py"))
TOPICS = {"now": "arn:now"}
SLOW = {
    "name": "slow",
    "tells": "Pages are slow.",
    "wakes": "now",
    "of": ["MediCareHub", "RequestLatency", {"Hub": "hub"}, "p95"],
    "above": 1000,
    "every": 60,
    "for": [3, 5],
}
AD_HOC = {"AWS_REGION": "eu-west-2", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
Alarms = Callable[..., dict[str, Any]]


def alarm(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = ROWS["metric_alarm"]({**SLOW, **changes}, "hub", TOPICS)
    return made


def test_a_row_says_all_that_cloudwatch_wants() -> None:
    assert alarm() == {
        "AlarmName": "hub-slow",
        "AlarmDescription": "Pages are slow.",
        "ActionsEnabled": True,
        "AlarmActions": ["arn:now"],
        "OKActions": ["arn:now"],
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 1000.0,
        "DatapointsToAlarm": 3,
        "EvaluationPeriods": 5,
        "TreatMissingData": "notBreaching",
        "Namespace": "MediCareHub",
        "MetricName": "RequestLatency",
        "Dimensions": [{"Name": "Hub", "Value": "hub"}],
        "ExtendedStatistic": "p95",
        "Period": 60,
    }


def test_math_returns_only_its_result() -> None:
    figures = {"a": ["AWS/RDS", "One", {}, "Sum"], "b": ["AWS/RDS", "Two", {}, "Sum"]}
    queries = alarm(figures=figures, math="a /\n  b")["Metrics"]

    assert [(one["Id"], one["ReturnData"]) for one in queries] == [
        ("a", False),
        ("b", False),
        ("result", True),
    ]
    assert queries[-1]["Expression"] == "a / b"


def test_a_row_for_each_place_is_an_alarm_for_each() -> None:
    row = {**SLOW, "name": "<zone>-slow", "each": {"zone": ["a", "b"]}}
    row["of"] = ["MediCareHub", "RequestLatency", {"Zone": "<zone>"}, "p95"]

    made = list(ROWS["expanded"]([row, SLOW]))

    assert [one["name"] for one in made] == ["a-slow", "b-slow", "slow"]
    assert made[1]["of"][2] == {"Zone": "b"}


def test_rules_use_the_full_names_of_alarms() -> None:
    row = {"name": "x", "tells": "", "wakes": "nobody", "when": "ALARM(slow) AND NOT OK(a-b)"}
    made = ROWS["composite_alarm"](row, "hub", TOPICS)

    assert made["AlarmRule"] == 'ALARM("hub-slow") AND NOT OK("hub-a-b")'
    assert made["AlarmActions"] == []


@pytest.fixture
def set_alarms(account: Account) -> Alarms:
    """Runs the module by itself, on alarms with their own prefix."""

    def run(*alarms: dict[str, Any], **more: Any) -> dict[str, Any]:
        arguments = {"prefix": "other", "alarms": alarms, "topics": TOPICS, **more}
        command = [str(PROGRAMS / "ansible"), "localhost", "-m", "cloudwatch_alarms"]
        answer = subprocess.run(
            [*command, "-a", json.dumps(arguments)],
            cwd=ANSIBLE,
            env=environment_for(account) | AD_HOC,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "=>" in answer.stdout, answer.stdout + answer.stderr
        found: dict[str, Any]
        found, _ = json.JSONDecoder().raw_decode(answer.stdout.partition("=>")[2].lstrip())
        return found

    return run


def test_alarms_follow_their_table(set_alarms: Alarms) -> None:
    quick = {**SLOW, "name": "quick", "above": 10}
    both = {"name": "both", "tells": "", "wakes": "now", "when": "ALARM(slow) AND ALARM(quick)"}

    assert set_alarms(SLOW, quick, composites=[both])["changed"]
    assert not set_alarms(SLOW, quick, composites=[both])["changed"]
    changed = set_alarms({**SLOW, "above": 500}, quick, composites=[both])
    assert changed["differences"] == {"other-slow": {"Threshold": 500.0}}
    assert set_alarms(SLOW)["cloudwatch_alarms"].keys() == {"other-slow"}
    assert set_alarms(state="absent")["cloudwatch_alarms"] == {}
    assert not set_alarms(state="absent")["changed"]
