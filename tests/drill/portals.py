"""The portal in one zone, as it is deployed: gunicorn and a worker. Also the sign-in provider."""

import http.client
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tests.drill import clocks
from tests.drill.balancers import PORTAL_PORT
from tests.drill.findings import Finding, Law
from tests.drill.network import Network, address
from tests.drill.programs import ROOT, Program, Programs
from tests.drill.settings import MUTATION, PORTAL_URL, SIGN_IN_PORT, portal_environment

APPLICATION, MUTATED = "wsgi:app", "tests.drill.mutated:app"
VERIFY_SECONDS = 60
SEALED = re.compile(r"^[1-9]\d* valid seals over (\d+) entries; 0 entries without one")


class Portal:
    """One instance. `mutation` names a function of `mutations.py`."""

    def __init__(
        self,
        programs: Programs,
        zone: str,
        password: str,
        shared: Path,
        mutation: str | None = None,
    ) -> None:
        self.zone = zone
        self.release = ROOT
        self.web: Program | None = None
        self.worker: Program | None = None
        self._programs = programs
        self.environment = {
            **portal_environment(password),
            MUTATION: mutation or "",
            "SHARED_FILES_DIRECTORY": str(shared),
            "GUNICORN_BIND": f"{address(zone, 'portal')}:{PORTAL_PORT}",
        }

    def start(self) -> None:
        """Starts both programs without waiting for them."""
        self.start_web()
        self.start_worker()

    def start_web(self) -> None:
        is_altered = self.environment[MUTATION] or clocks.VARIABLE in self.environment
        application = MUTATED if is_altered else APPLICATION
        command = (sys.executable, "-m", "gunicorn", application)
        self.web = self._start("portal", *command)

    def start_worker(self) -> None:
        self.worker = self._start("worker", sys.executable, "-m", "portal.worker")

    def begin_to_migrate(self, database_url: str) -> Program:
        """Migrates like a new instance of its release, with an account that may change tables."""
        command = (sys.executable, "-m", "flask", "--app", "wsgi", "database", "upgrade-once")
        return self._start("migration", *command, DATABASE_URL=database_url)

    def findings_of_the_trail(self, entries: int) -> Iterator[Finding]:
        """Seals all `entries` of the audit trail and verifies it."""
        sealing = (sys.executable, "-m", "tests.drill.sealing")
        seal = self._programs.start(
            f"seal-{self.zone}", self.zone, *sealing, cwd=ROOT, **self.environment
        )
        command = (sys.executable, "-m", "flask", "--app", "wsgi", "audit", "verify")
        if seal.process.wait(VERIFY_SECONDS):
            yield Finding(Law.BROKEN_TRAIL, seal.log.read_text().strip()[-300:])
        verifying = self._start("audit", *command)
        ended, said = verifying.process.wait(VERIFY_SECONDS), verifying.log.read_text().strip()
        if ended:
            yield Finding(Law.BROKEN_TRAIL, said.splitlines()[-1])
        elif not (found := SEALED.search(said)) or int(found[1]) < entries:
            yield Finding(Law.BROKEN_TRAIL, f"of {entries} entries: {said.splitlines()[0]}")

    def wait_until_it_answers(self, network: Network) -> None:
        assert self.web is not None
        with network.inside(self.zone):
            self.web.wait_until(self._is_live)

    def _start(self, name: str, *command: str, **environment: str) -> Program:
        return self._programs.start(
            f"{name}-{self.zone}",
            self.zone,
            *command,
            cwd=self.release,
            **{**self.environment, **environment},
        )

    def _is_live(self) -> bool:
        line = http.client.HTTPConnection(address(self.zone, "portal"), PORTAL_PORT, timeout=1)
        with closing(line), suppress(OSError):
            line.request("GET", "/health/live")
            return line.getresponse().status == 200
        return False


class SignIn:
    """The development Cognito in the region, which can be made to fail."""

    def __init__(self, programs: Programs, accounts: Sequence[dict[str, Any]]) -> None:
        state = programs.folder / "cognito.json"
        state.write_text(json.dumps({"accounts": accounts}))
        self._network = programs.network
        self.program = programs.start(
            "sign-in",
            "region",
            *(sys.executable, "-m", "portal.development.cognito"),
            *("--port", str(SIGN_IN_PORT), "--portal-url", PORTAL_URL, "--state", str(state)),
            PORTAL_ENVIRONMENT="development",
        )

    def wait_until_it_answers(self) -> None:
        self.program.wait_until(lambda: b"ready at" in self.program.log.read_bytes())

    def leave(self, *, hang: bool) -> None:
        """From now on, it refuses every request or does not answer."""
        self._tell("away", "hang=yes" if hang else "")

    def come_back(self) -> None:
        self._tell("back", "")

    def _tell(self, what: str, form: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", SIGN_IN_PORT, timeout=5)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        with self._network.inside("region"), closing(line):
            line.request("POST", f"/development/{what}", form, kind)
            assert line.getresponse().status == 204
