"""portal/telemetry/measures.py: lines are valid embedded metric format, and count what was committed."""

import json
import logging
import re
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal import ROOT
from portal.telemetry.logs import JsonLines
from portal.telemetry.measures import (
    ALL,
    BOOKING,
    REQUEST,
    Measure,
    Unit,
    measured,
    measured_when_committed,
)
from tests.embedded_metrics import UNITS, faults_of, samples_of

PAGE = ROOT / "docs" / "metrics.md"
LINES = JsonLines(hub="a-hub", zone="eu-west-2a")


@pytest.fixture(autouse=True)
def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [LINES.format(record) for record in caplog.records]


def values_for(measure: Measure) -> dict[str, Any]:
    words = {name for names in measure.by for name in names}
    return {name: "a word" if name in words else 1.5 for name in measure.needed}


@pytest.mark.parametrize("measure", ALL, ids=lambda measure: measure.name)
def test_each_measure_is_what_the_specification_asks_for(
    measure: Measure, caplog: pytest.LogCaptureFixture
) -> None:
    measured(measure, **values_for(measure))

    (line,) = lines(caplog)
    assert faults_of(line) == []
    assert "\n" not in line
    assert len(list(samples_of(line))) == len(measure.figures) * len(measure.by)


def test_each_name_is_used_once() -> None:
    figures = [figure for measure in ALL for figure in measure.figures]

    assert len(ALL) >= 13
    assert len(figures) == len(set(figures))
    assert len({measure.name for measure in ALL}) == len(ALL)


def test_a_request_counts_for_the_hub_its_zone_and_its_route(
    caplog: pytest.LogCaptureFixture,
) -> None:
    measured(REQUEST, RequestLatency=12.5, ServerErrors=0, Route="/patients/<ref>")

    hub = ("Hub", "a-hub")
    latency = {sample for sample in samples_of(lines(caplog)[0]) if "Latency" in sample[0]}
    assert latency == {
        ("MediCareHub/RequestLatency", frozenset(where), "Milliseconds", 12.5)
        for where in ({hub}, {hub, ("Zone", "eu-west-2a")}, {hub, ("Route", "/patients/<ref>")})
    }


def test_the_check_finds_what_cloudwatch_would_not_understand() -> None:
    good = {"at": "now", "Hub": "a-hub", "Figures": 1}
    metrics = [{"Name": "Figures", "Unit": "Count"}]
    directive = {"Namespace": "MediCareHub", "Dimensions": [["Hub"]], "Metrics": metrics}

    def faults(timestamp: Any = 1_764_131_700_000, **changes: Any) -> list[str]:
        metadata = {"Timestamp": timestamp, "CloudWatchMetrics": [directive | changes]}
        return faults_of(json.dumps({**good, "_aws": metadata}))

    assert faults() == []
    assert faults(timestamp="2026-11-26T04:35:00Z")
    assert faults(Namespace=":reserved")
    assert faults(Dimensions=[["Absent"]])
    assert faults(Dimensions=["Hub"])
    assert faults(Metrics=[{"Name": "at", "Unit": "Count"}])
    assert faults(Metrics=[{"Name": "Figures", "Unit": "Bookings"}])


def test_a_measure_without_its_figure_or_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="booking was measured without Bookings, Outcome"):
        measured(BOOKING)


def test_what_a_transaction_did_counts_when_it_is_committed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Session(create_engine("sqlite://")) as session:
        measured_when_committed(session, BOOKING, Bookings=1, Outcome="booked")
        with session.begin_nested():
            pass
        assert lines(caplog) == []

        session.commit()
        session.commit()

    assert [json.loads(line)["Outcome"] for line in lines(caplog)] == ["booked"]


def test_what_was_rolled_back_never_counts(caplog: pytest.LogCaptureFixture) -> None:
    with Session(create_engine("sqlite://")) as session:
        session.connection()
        measured_when_committed(session, BOOKING, Bookings=1, Outcome="booked")
        session.rollback()
        session.commit()

    assert lines(caplog) == []


def test_no_unit_is_unknown_to_cloudwatch() -> None:
    assert {unit.value for unit in Unit} <= set(UNITS)


def test_docs_metrics_names_every_figure_and_no_other() -> None:
    rows = re.findall(r"^\| (`.+?) \| (.+?) \| (.*?) \|", PAGE.read_text(), re.MULTILINE)
    described = {
        figure: (unit, set(re.findall(r"`(\w+)`", by)))
        for figures, units, by in rows
        for figure, unit in zip(re.findall(r"`(\w+)`", figures), units.split(", "), strict=True)
    }
    words = {"Count": "count", "Seconds": "s", "Milliseconds": "ms", "Bytes": "bytes"}

    assert described == {
        figure: (words[unit], {name for names in measure.by for name in names})
        for measure in ALL
        for figure, unit in measure.figures.items()
    }
