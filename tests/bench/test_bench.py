"""What `make bench` measures is what it says it measures."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice, repeat
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from tests.bench import report
from tests.bench.asking import ask
from tests.bench.audience import Audience
from tests.bench.client import WrongAnswer, measure
from tests.bench.contest import contest
from tests.bench.measured import Hospital, hospital
from tests.bench.measuring import BARE_REQUEST
from tests.bench.pages import PAGES, READING, Page
from tests.bench.processor import Spent
from tests.bench.raw_pages import create_raw_app
from tests.bench.results import Figures, Ratio, Results
from tests.bench.rows_read import readings
from tests.bench.size import Size
from tests.mariadb import Server
from tests.served_portal import served
from tests.settings import settings_for

SIZE = Size.of(1000)
READ = [page for page in PAGES if page.aim == READING]
ONE_TIME = re.compile(r'nonce="[^"]+"|value="[^"]{20,}"|data-seconds="\d+"|\?search=[^"&]+')
"""What differs between two askings of one page."""
BUSY_FOR_HALF_A_SECOND = "import time\nwhile time.process_time() < 0.5: pass"


@pytest.fixture(scope="module")
def filled(mariadb: Server) -> Iterator[Hospital]:
    with hospital(mariadb, "test_bench", SIZE) as made:
        yield made


@pytest.fixture(scope="module")
def audience(filled: Hospital) -> Audience:
    return Audience.of(filled)


@pytest.fixture
def raw(filled: Hospital, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("DATABASE_URL", filled.database_url)
    return create_raw_app(settings_for(filled.database_url))


@pytest.fixture
def portal(filled: Hospital) -> Flask:
    return create_app(settings_for(filled.database_url))


def test_a_hospital_is_filled_to_its_size(filled: Hospital) -> None:
    counted = {
        table: filled.rows(f"SELECT COUNT(*) AS rows_found FROM {table}")[0].rows_found
        for table in ("patient", "practitioner", "slot", "appointment")
    }
    assert counted == {
        "patient": SIZE.patients,
        "practitioner": SIZE.practitioners,
        "slot": SIZE.slots,
        "appointment": SIZE.appointments,
    }


def test_no_slot_has_two_patients(filled: Hospital) -> None:
    taken = filled.rows("SELECT occupied_slot_id FROM appointment WHERE occupied_slot_id > 0")
    assert max(Counter(taken).values()) == 1


@pytest.mark.parametrize("page", READ, ids=lambda page: page.name)
def test_the_raw_pages_show_what_the_portal_shows(
    page: Page, audience: Audience, portal: Flask, raw: Flask
) -> None:
    requests = list(islice(page.requests(audience), 3))
    assert requests
    for request in requests:
        (status, shown), (raw_status, raw_shown) = ask(portal, request), ask(raw, request)
        assert status == raw_status == request.status
        assert ONE_TIME.sub("", raw_shown) == ONE_TIME.sub("", shown)


def test_a_wrong_answer_ends_the_measurement(filled: Hospital, tmp_path: Path) -> None:
    bare = served(filled.database_url, tmp_path / "log", application="tests.bench.bare_page:app")
    with bare as it:
        wanted = BARE_REQUEST._replace(words=b"words that the page does not hold")
        with pytest.raises(WrongAnswer, match="GET / HTTP"):
            measure(it.port, repeat(wanted), clients=2, seconds=1)
        timing = measure(it.port, iter([BARE_REQUEST] * 10), clients=2, seconds=60)
    assert len(timing.answers) == 10


def test_the_whole_contest_has_a_line_for_each_page(mariadb: Server, tmp_path: Path) -> None:
    results = contest(mariadb, tmp_path, patients=1000, rounds=1, seconds=0.05)
    table = report.table(results, PAGES)
    lines = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")]
    assert lines[2:] == [page.name for page in PAGES]


@pytest.mark.parametrize(("strangers", "published"), [(0.02, True), (0.5, False)])
def test_figures_of_a_busy_machine_are_not_published(strangers: float, published: bool) -> None:
    figures = Figures(100, 0.01, 0.02, 0.004, 0.001, 0.0004, strangers)
    results = Results()
    results.add("Day list", report.PORTAL, 1, figures)
    assert (report.verdict(results) is None) == published


def test_a_busy_program_is_seen_and_the_bench_is_not() -> None:
    """Another program's processor time counts as such; the bench's own does not."""
    this = os.getpid()
    before = Spent.by(this, this)
    subprocess.run([sys.executable, "-c", BUSY_FOR_HALF_A_SECOND], check=True)
    assert Spent.by(this, this).since(before).others > 0.3


def test_a_ratio_tells_its_range() -> None:
    results = Results()
    for processor in (0.004, 0.005, 0.003):
        results.add("Day list", report.PORTAL, 1, Figures(1, 1, 1, processor, 1, 0.001, 0))
    assert results.to_bare("Day list", report.PORTAL, 1) == Ratio(4, 3, 5)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_requests_are_made_before_the_first_is_sent(page: Page, audience: Audience) -> None:
    requests = page.requests(audience)
    with readings(audience.hospital.engine) as found:
        assert list(islice(requests, 20))
    assert not found
