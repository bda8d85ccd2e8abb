"""A short restore drill, and that its checker can fail."""

from pathlib import Path

import pytest

from tests.mariadb import Server
from tests.restore_drill import drill
from tests.restore_drill.backup import Backup, back_up


def test_a_destroyed_hospital_comes_back(tmp_path: Path) -> None:
    outcome = drill.run(tmp_path, before=1, after=1)

    assert outcome.faults == []
    assert len(outcome.ledger.clinics) >= 2 * drill.LEAST
    assert outcome.findings.trail.sealed > 0
    assert all(one.name.startswith("drill/") for one in outcome.findings.files_lost)


def test_a_backup_without_the_log_loses_what_came_after_it_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(server: Server, backup: Backup, log: Path) -> object:
        process = drill_follow(server, backup, log)
        process.kill()
        process.wait()
        for path in backup.logs.iterdir():
            path.unlink()
        return process

    drill_follow = drill.follow_the_log
    monkeypatch.setattr(drill, "follow_the_log", forgetful)

    outcome = drill.run(tmp_path, before=0.5, after=1)

    assert len(outcome.findings.clinics_lost) >= drill.LEAST
    assert outcome.rows_lost_for > 0.5
    assert outcome.faults == []


def test_what_a_careless_backup_loses_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(server: Server, shared: Path, backup: Backup) -> None:
        back_up(server, shared, backup)
        with backup.dump.open("a") as dump:
            dump.write("\nDELETE FROM submission;\n")
        oldest = min(shared.rglob("drill/*"), key=lambda path: path.stat().st_mtime_ns)
        (backup.files / oldest.relative_to(shared)).unlink()

    monkeypatch.setattr(drill, "back_up", careless)

    faults = drill.run(tmp_path, before=1, after=0.2).faults

    assert any(fault.startswith("not as backed up: ") for fault in faults)
    assert any(fault.startswith("lost from before the backup: drill/") for fault in faults)
    assert any(fault.startswith("kept in part: Clinic ") for fault in faults)
