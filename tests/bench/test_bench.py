"""What `make bench` measures is what it says it measures."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, repeat
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from tests.bench.asking import ask
from tests.bench.audience import Audience
from tests.bench.client import WrongAnswer, measure
from tests.bench.contest import contest
from tests.bench.measured import Hospital, hospital
from tests.bench.measuring import BARE_REQUEST
from tests.bench.pages import PAGES, READING, Page
from tests.bench.raw_pages import create_raw_app
from tests.bench.size import Size
from tests.mariadb import Server
from tests.served_portal import served
from tests.settings import settings_for

SIZE = Size.of(200)
READ = [page for page in PAGES if page.aim == READING]
ONE_TIME = re.compile(r'nonce="[^"]+"|value="[^"]{20,}"|data-seconds="\d+"|\?search=[^"&]+')
"""What differs between two askings of one page."""


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
    for request in islice(page.requests(audience), 3):
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
    table = contest(mariadb, tmp_path, patients=1000, rounds=1, seconds=0.05)
    lines = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")]
    assert lines[2:] == [page.name for page in PAGES]
