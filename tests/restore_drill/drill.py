"""The drill itself: work, back up, destroy, restore, examine."""

import os
import shutil
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal import create_app
from portal.access import Role
from portal.audit import seals
from portal.database import db
from tests.builders import an_account, signed_in
from tests.mariadb import Server, running_mariadb
from tests.restore_drill.backup import (
    DATABASE,
    Backup,
    back_up,
    follow_the_log,
    restore_database,
    restore_files,
)
from tests.restore_drill.checker import Findings, examine
from tests.restore_drill.people import Ledger, Promise, at_work
from tests.settings import settings_for

LOG = "log"
LEAST, PATIENCE = 10, 60.0
"""Rows and files that are written before and after the backup, and seconds to wait for them."""
WITH_A_LOG = ("--log-bin=log", "--server-id=1", "--binlog-format=ROW", "--sync-binlog=1")


@dataclass(frozen=True)
class Outcome:
    """Times are in seconds."""

    findings: Findings
    ledger: Ledger
    backup_took: float
    recovery_took: float
    rows_lost_for: float
    """How far before the destruction the last write lies that came back: the RPO of the rows."""
    files_lost_for: float
    faults: list[str]

    def lines(self) -> list[str]:
        """The report."""
        found, ledger, trail = self.findings, self.ledger, self.findings.trail
        promised = f"{len(ledger.clinics)} rows and {len(ledger.files)} files were promised"
        lost = f"{len(found.clinics_lost)} rows and {len(found.files_lost)} files"
        rows, files = f"{self.rows_lost_for:.2f} s", f"{self.files_lost_for:.1f} s"
        sealed = f"{trail.seals} seals over {trail.sealed} entries"
        return [
            f"Backed up in {self.backup_took:.1f} s, while people worked.",
            f"{promised}; of {len(ledger.unknown)} more nobody knew.",
            f"Lost: {lost}, all promised after the backup; doubled: {len(found.doubled)}.",
            f"RPO: rows {rows} (dump and binary log), files {files} (copied with the backup).",
            f"RTO: {self.recovery_took:.1f} s from the destruction to the first page.",
            f"Audit trail: {sealed}, {trail.fault or 'unbroken'}.",
            *(f"FAULT: {fault}" for fault in self.faults),
        ]


def run(folder: Path, *, before: float, after: float) -> Outcome:
    """Works for `before` seconds before the backup and `after` seconds after it. Needs only MariaDB."""
    backup, shared, ledger = Backup(folder / "backup"), folder / "shared", Ledger()
    backup.folder.mkdir(parents=True)
    with _hospital(shared) as (server, app, cookie), ExitStack() as following:
        log = follow_the_log(server, backup, folder / LOG)
        following.callback(log.wait)
        following.callback(log.terminate)
        with at_work(app, cookie, app.extensions["shared_files"], ledger):
            _let_work(ledger, before)
            _seal(server)
            began = time.monotonic()
            back_up(server, shared, backup)
            took = time.monotonic() - began
            _let_work(ledger, after)
            destroyed = _destroy(server, shared)
        _close(app)
    with _restored(shared, backup, cookie) as (app, damaged):
        recovered = time.monotonic()
        findings = _examined(app, ledger)
        faults = [f"not as backed up: {name}" for name in damaged] + findings.faults(began)
        _close(app)
    return Outcome(
        findings,
        ledger,
        backup_took=took,
        recovery_took=recovered - destroyed,
        rows_lost_for=_lost_for(findings.clinics_lost, destroyed),
        files_lost_for=_lost_for(findings.files_lost, destroyed),
        faults=faults,
    )


def _let_work(ledger: Ledger, seconds: float) -> None:
    """For so long, and on a slow machine until something has been done in it."""
    rows, files, deadline = len(ledger.clinics), len(ledger.files), time.monotonic() + PATIENCE
    time.sleep(seconds)
    while len(ledger.clinics) < rows + LEAST or len(ledger.files) < files + LEAST:
        if time.monotonic() > deadline:
            raise RuntimeError("nobody gets anything done")
        time.sleep(0.05)


def _lost_for(lost: Iterable[Promise], destroyed: float) -> float:
    """How old the oldest lost promise was when everything was destroyed."""
    return max((destroyed - one.at for one in lost), default=0.0)


@contextmanager
def _hospital(shared: Path) -> Iterator[tuple[Server, Flask, str]]:
    """A durable server, a portal, and the cookie of an administrator."""
    with running_mariadb(durable=True, options=WITH_A_LOG) as server:
        url = server.create_database(DATABASE)
        app = _portal(url, shared)
        with app.app_context():
            upgrade()
        engine = create_engine(url)
        with Session(engine, expire_on_commit=False) as session:
            account = an_account(session, Role.ADMINISTRATOR)
            user = signed_in(session, account)
            session.commit()
        engine.dispose()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        yield server, app, str(signer.dumps({"_user_id": user.get_id(), "_fresh": True}))


def _portal(url: str, shared: Path) -> Flask:
    told = {"SHARED_FILES_DIRECTORY": str(shared), "DATABASE_PATIENCE_SECONDS": "1"}
    shared.mkdir(parents=True, exist_ok=True)
    app = create_app(settings_for(url, **told))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _seal(server: Server) -> None:
    """What the worker does; as if the entries had settled."""
    engine = create_engine(server.url(DATABASE))
    with Session(engine) as session:
        secret = settings_for(server.url(DATABASE)).audit_secret
        later = datetime.now(UTC) + 2 * seals.SETTLED
        while seals.seal(session, seals.key_from(secret), later):
            pass
    engine.dispose()


def _destroy(server: Server, shared: Path) -> float:
    """At once: the process, its disk, and the shared files. Returns when, by the monotonic clock."""
    os.kill(server.pid, signal.SIGKILL)
    destroyed = time.monotonic()
    shutil.rmtree(server.folder / "data", ignore_errors=True)
    shutil.rmtree(shared, ignore_errors=True)
    return destroyed


@contextmanager
def _restored(shared: Path, backup: Backup, cookie: str) -> Iterator[tuple[Flask, list[str]]]:
    """Another server and another disk, with what the backup brings back, and the first page served."""
    with running_mariadb(durable=True) as server:
        restore_database(server, backup)
        damaged = restore_files(backup, shared)
        app = _portal(server.url(DATABASE), shared)
        browser = app.test_client()
        browser.set_cookie("portal", cookie)
        page = browser.get("/administration/clinics")
        if page.status_code != 200:
            raise RuntimeError(f"the restored portal answers {page.status_code}")
        yield app, damaged


def _examined(app: Flask, ledger: Ledger) -> Findings:
    key = seals.key_from(app.extensions["settings"].audit_secret)
    with app.app_context(), Session(db.engine) as session:
        return examine(session, app.extensions["shared_files"], ledger, key)


def _close(app: Flask) -> None:
    app.extensions["shared_files"].close()
    with app.app_context():
        db.engine.dispose()
