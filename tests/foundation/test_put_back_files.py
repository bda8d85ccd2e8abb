"""Files that AWS Backup restored replace the current ones, which are kept in another folder."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from migrations.put_back_files import NothingRestored, main, put_back

NOW = datetime.now(UTC)
JOB = "aws-backup-restore_2026-11-30T09-15-00-123456Z"


def written(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.rglob("*") if one.is_file()}


def test_the_restored_files_are_in_place_and_the_others_are_kept(tmp_path: Path) -> None:
    written(tmp_path, "portal/kept/new", f"{JOB}/portal/kept/old", f"{JOB}/portal/kept/older")
    told = put_back(tmp_path, NOW - timedelta(minutes=1), NOW)

    assert names(tmp_path / "portal") == {"old", "older"}
    assert names(tmp_path / str(told["kept_beside"])) == {"new"}
    assert (told["files"], told["files_beside"]) == (2, 1)


def test_a_run_that_was_interrupted_between_the_two_renames_is_continued(tmp_path: Path) -> None:
    written(tmp_path, "portal-before-20261130/kept/new", f"{JOB}/portal/kept/old")
    put_back(tmp_path, NOW - timedelta(minutes=1), NOW)
    assert names(tmp_path / "portal") == {"old"}


def test_the_folder_of_an_earlier_job_is_not_taken(tmp_path: Path) -> None:
    written(tmp_path, "portal/kept/new", f"{JOB}/portal/kept/old")
    with pytest.raises(NothingRestored):
        put_back(tmp_path, NOW + timedelta(hours=1), NOW)
    assert names(tmp_path / "portal") == {"new"}


def test_the_newest_of_several_jobs_counts(tmp_path: Path) -> None:
    written(tmp_path, f"{JOB}a/portal/kept/first")
    written(tmp_path, f"{JOB}b/portal/kept/second")
    os.utime(tmp_path / f"{JOB}b")  # its status changes last, like that of a later folder
    put_back(tmp_path, NOW - timedelta(minutes=1), NOW)
    assert names(tmp_path / "portal") == {"second"}


def test_it_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, f"{JOB}/portal/kept/old")
    since = (NOW - timedelta(minutes=1)).isoformat()
    assert main(["", str(tmp_path), since]) == 0
    assert json.loads(capsys.readouterr().out)["restored_from"] == JOB
    assert main(["", str(tmp_path), since]) == 1
    assert "has no folder" in capsys.readouterr().err
