"""No locked version is in a known advisory that nobody reviewed. Works offline, on what `make audit` kept."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
import requests

from tests.advisories import __main__, kept, osv
from tests.advisories.kept import Kept, unreviewed
from tests.advisories.locked import Package, locked, of_package_lock, of_requirements
from tests.advisories.records import Advisory, advisories_in

RECORD: dict[str, Any] = {
    "id": "PYSEC-2023-221",
    "aliases": ["GHSA-hrfv-mqp8-q5rw", "CVE-2023-46136"],
    "affected": [
        {
            "package": {"name": "Werkzeug", "ecosystem": "PyPI"},
            "ranges": [
                {"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "f3c803b3"}]},
                {
                    "type": "ECOSYSTEM",
                    "events": [
                        *({"introduced": "0"}, {"fixed": "2.3.8"}),
                        *({"introduced": "3.0.0"}, {"fixed": "3.0.1"}),
                    ],
                },
            ],
            "versions": ["2.3.7", "3.0.0"],
        }
    ],
}
"""As OSV tells it, shortened."""
OTHER_PAGE: dict[str, Any] = {"id": "GHSA-2", "affected": []}
WERKZEUG = Package("PyPI", "werkzeug", "3.0.0")


def test_no_locked_version_is_in_an_advisory_that_nobody_reviewed() -> None:
    assert unreviewed(locked(), kept.read().advisories, kept.reviewed()) == []


def test_every_review_is_about_a_locked_version() -> None:
    needed = [one for one in kept.read().advisories if any(map(one.concerns, locked()))]

    assert [one for one in kept.reviewed() if not any(one in there.names for there in needed)] == []


@pytest.mark.parametrize(
    ("version", "concerned"),
    [("2.3.7", True), ("2.3.8", False), ("3.0.0", True), ("3.0.1", False), ("no version", True)],
)
def test_a_version_is_within_a_range_or_not(version: str, concerned: bool) -> None:
    [advisory] = advisories_in(RECORD)

    assert advisory.concerns(Package("PyPI", "werkzeug", version)) is concerned
    assert not advisory.concerns(Package("npm", "werkzeug", version))


def test_the_last_version_of_a_range_is_in_it() -> None:
    advisory = Advisory("A", (), "npm", "semver", (("1.0.0", "", "1.2.0"),))

    assert [advisory.concerns(Package("npm", "semver", v)) for v in ("1.2.0", "1.2.1")] == [1, 0]


def test_a_withdrawn_advisory_counts_no_more() -> None:
    assert list(advisories_in({**RECORD, "withdrawn": "2024-01-01T00:00:00Z"})) == []


def test_a_review_may_name_an_alias() -> None:
    found = list(advisories_in(RECORD))
    line = "werkzeug 3.0.0 is in PYSEC-2023-221 (CVE-2023-46136, GHSA-hrfv-mqp8-q5rw)"

    assert unreviewed([WERKZEUG], found, {}) == [line]
    assert unreviewed([WERKZEUG], found, {"CVE-2023-46136": "Not used."}) == []


def test_the_lock_files_are_read() -> None:
    python = "Jinja2==3.1.6 \\\n    --hash=sha256:0\nmoto[ses,server]==5.1.0 ; x\n# via a==1\n"
    node = {"packages": {"": {}, "node_modules/@a/b/node_modules/c": {"version": "1.0.0"}}}

    assert list(of_requirements(python)) == [
        Package("PyPI", "jinja2", "3.1.6"),
        Package("PyPI", "moto", "5.1.0"),
    ]
    assert list(of_package_lock(json.dumps(node))) == [Package("npm", "c", "1.0.0")]
    assert {"werkzeug", "ansible-core", "sass"} <= {package.name for package in locked()}


class Osv(BaseHTTPRequestHandler):
    """Answers as OSV does, in two pages."""

    records: ClassVar = {record["id"]: record for record in (RECORD, OTHER_PAGE)}

    def do_POST(self) -> None:
        [query] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        first = {"vulns": [{"id": "PYSEC-2023-221"}], "next_page_token": "more"}
        self._tell({"results": [{"vulns": [{"id": "GHSA-2"}]} if "page_token" in query else first]})

    def do_GET(self) -> None:
        self._tell(self.records[self.path.rpartition("/")[2]])

    def _tell(self, answer: dict[str, Any]) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Osv) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_what_osv_tells_is_kept(address: str, tmp_path: Path) -> None:
    found = osv.about([WERKZEUG], address)
    there = tmp_path / "advisories.json"
    kept.write(Kept("OSV of today", tuple(found)), there)

    assert kept.read(there) == Kept("OSV of today", tuple(advisories_in(RECORD)))


def test_without_a_network_nothing_is_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def away(_: object) -> set[Advisory]:
        raise requests.ConnectionError

    before = kept.ADVISORIES.read_text()
    monkeypatch.setattr(osv, "about", away)

    assert __main__.main() == 2
    assert kept.ADVISORIES.read_text() == before
    assert "Nothing was changed: " in capsys.readouterr().err
