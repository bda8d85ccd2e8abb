"""The whole program: what it writes to its folder, and what it keeps when something is wrong."""

import json
from pathlib import Path

import pytest

from boot_settings.__main__ import main
from tests.boot_settings.conftest import Hospital
from tests.image.metadata_service import MetadataService

pytestmark = pytest.mark.usefixtures("metadata")


def told(capsys: pytest.CaptureFixture[str]) -> str:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return "\n".join(f"{line['level']}: {line['message']}" for line in lines)


@pytest.fixture
def begun(hospital: Hospital, run_folder: Path) -> Path:
    """The settings file after a first successful run."""
    assert main() == 0
    return run_folder / "portal.env"


def test_settings_are_written_from_every_source(begun: Path) -> None:
    text = begun.read_text()
    assert 'TRUSTED_PROXIES="1"' in text  # the image's
    assert 'AVAILABILITY_ZONE="eu-west-2a"' in text  # the instance's
    assert 'HOSPITAL_NAME="MediCare Hub"' in text  # published, which overrides the image's
    assert "mysql+pymysql://portal:p%40ss%2Fword@database.internal:3306/portal" in text


def test_the_first_start_restarts_nothing(begun: Path) -> None:
    assert not (begun.parent / "restarted").exists()


def test_what_others_must_know_holds_no_secret(begun: Path) -> None:
    names = {
        line.split("=")[0] for line in (begun.parent / "instance.env").read_text().splitlines()
    }
    assert names == {"HUB_PATH", "FILE_SYSTEM_ID", "FILE_SYSTEM_ACCESS_POINT"}


def test_unchanged_settings_restart_nothing(begun: Path) -> None:
    assert main() == 0
    assert not (begun.parent / "restarted").exists()


def test_a_rotated_password_is_taken_up(begun: Path, hospital: Hospital) -> None:
    account = json.dumps({"username": "portal", "password": "another"})
    hospital.secrets_manager.put_secret_value(SecretId="database", SecretString=account)
    assert main() == 0
    assert "portal:another@" in begun.read_text()
    assert (begun.parent / "restarted").exists()


def test_a_published_mistake_is_told_and_not_taken_up(
    begun: Path, hospital: Hospital, capsys: pytest.CaptureFixture[str]
) -> None:
    before = begun.read_text()
    hospital.publish(PORTAL_URL="portal.settings.hospital.example")
    assert main() == 0
    assert begun.read_text() == before
    assert "PORTAL_URL is 'portal.settings.hospital.example', not a web address" in told(capsys)
    assert not (begun.parent / "restarted").exists()


def test_the_last_good_settings_stay_while_aws_is_away(
    begun: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = begun.read_text()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert main() == 0
    assert begun.read_text() == before
    assert "The last good settings stay in use" in told(capsys)


def test_without_any_settings_it_fails(
    hospital: Hospital, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert main() == 1
    assert not (run_folder / "portal.env").exists()


def test_a_refusal_of_aws_is_told_by_its_code_alone(
    hospital: Hospital, run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hospital.publish(**{"secrets/portal": "no-such-secret"})
    assert main() == 1
    assert "GetSecretValue was refused: ResourceNotFoundException." in told(capsys)


def test_it_asks_again_until_aws_answers(
    metadata: MetadataService, hospital: Hospital, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = metadata.paths.pop("tags/instance/Environment")
    monkeypatch.setenv("PORTAL_SETTINGS_SECONDS", "30")

    def mend(_: float) -> None:
        metadata.paths["tags/instance/Environment"] = environment

    monkeypatch.setattr("boot_settings.__main__.time.sleep", mend)
    assert main() == 0
    assert (run_folder / "portal.env").exists()


def test_where_no_portal_runs_nothing_is_fetched(
    metadata: MetadataService, hospital: Hospital, run_folder: Path
) -> None:
    metadata.paths["tags/instance/Purpose"] = "schema"
    assert main() == 0
    assert {file.name for file in run_folder.iterdir()} == {"instance.env", "other-purpose"}
    # Its logs are kept too.
    assert "HUB_PATH=" in (run_folder / "instance.env").read_text()


def test_no_secret_is_told(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begun.unlink()
    assert main() == 0
    assert "secret" not in told(capsys)
