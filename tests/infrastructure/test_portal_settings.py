"""The settings that the portal gets at boot, and where no secret may be."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from portal.settings.configuration import Settings
from tests.infrastructure.account import Account, empty_account
from tests.infrastructure.conftest import Story
from tests.infrastructure.playbooks import ANSIBLE, PROGRAMS, environment_for

PATH = "/medicare-hub/production/portal"


@pytest.fixture
def parameters(account: Account) -> Mapping[str, str]:
    """What stands below the portal's path, by the name below it."""
    found = account.all("ssm", "get_parameters_by_path", "Parameters", Path=PATH, Recursive=True)
    return {one["Name"].removeprefix(f"{PATH}/"): one["Value"] for one in found}


def secret(account: Account, name: str) -> Mapping[str, str]:
    found = account.client("secretsmanager").get_secret_value(SecretId=name)
    return json.loads(found["SecretString"])


@pytest.fixture
def secrets(account: Account, parameters: Mapping[str, str]) -> Mapping[str, str]:
    """The portal's secret settings, read as an instance reads them."""
    return {
        **secret(account, parameters["secrets/portal"]),
        **secret(account, parameters["secrets/sign-in"]),
    }


def test_the_portal_starts_with_the_published_settings(
    account: Account, parameters: Mapping[str, str], secrets: Mapping[str, str]
) -> None:
    database = secret(account, parameters["secrets/database"])
    host, port, name = (parameters[f"database/{part}"] for part in ("host", "port", "name"))
    settings = Settings.from_environment(
        {
            **{key: value for key, value in parameters.items() if "/" not in key},
            **secrets,
            "DATABASE_URL": f"mysql+pymysql://{database['username']}:x@{host}:{port}/{name}",
            "SHARED_FILES_DIRECTORY": "/srv/portal/files",
            "DATABASE_CA": "/etc/medicare-hub/database-authorities.pem",  # the image's
        }
    )
    assert settings.portal_url == "https://portal.settings.hospital.example"
    assert settings.user_pool_id
    assert settings.sign_in.issuer.endswith(settings.user_pool_id)


def test_nothing_secret_is_a_parameter(
    parameters: Mapping[str, str], secrets: Mapping[str, str]
) -> None:
    told = " ".join(parameters.values())
    assert set(secrets) == {"SECRET_KEY", "OIDC_CLIENT_SECRET"}
    assert not [name for name, value in secrets.items() if value in told]


def test_nothing_secret_is_printed(story: Story, secrets: Mapping[str, str]) -> None:
    for chapter, run in story.runs.items():
        assert not [name for name, value in secrets.items() if value in run.output], chapter


PLAYBOOK = """
- hosts: hub
  gather_facts: false
  environment: "{{ hub_aws_environment }}"
  vars: {hub_state: found}
  roles: [preflight]
- hosts: hub
  gather_facts: false
  environment: "{{ hub_aws_environment }}"
  roles: [keys, people, portal_settings]
"""
FACTS = {
    "database_endpoint": "database.example",
    "database_port": 3306,
    "database_name": "medicare_hub",
    "database_secret_arns": {"application": "arn:application"},
    "files_file_system_id": "fs-1",
    "files_access_point_id": "fsap-1",
}


def test_nothing_secret_is_ever_on_a_disk(tmp_path: Path) -> None:
    """Ansible's own way, a new Python for each task, with all that it has to tell, into watched folders."""
    with empty_account() as account, everything_kept(tmp_path / "written") as (written, kept):
        playbook = tmp_path / "settings.yml"
        playbook.write_text(PLAYBOOK)
        (tmp_path / "group_vars").symlink_to(ANSIBLE / "group_vars")
        places = dict.fromkeys(("TMPDIR", "ANSIBLE_LOCAL_TEMP", "ANSIBLE_REMOTE_TEMP"), written)
        environment = environment_for(account) | {name: str(at) for name, at in places.items()}
        del environment["ANSIBLE_STRATEGY"]
        run = subprocess.run(
            [
                *(PROGRAMS / "ansible-playbook", playbook, "-vvv"),
                *("-i", "inventory/production.yml", "--extra-vars", json.dumps(FACTS)),
            ],
            cwd=ANSIBLE,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout
        names = ("medicare-hub-production/portal/key", "medicare-hub-production/portal/sign-in")
        values = [value for name in names for value in secret(account, name).values()]
    files = [path.read_bytes() for path in kept.iterdir()]
    assert files, "no file was seen, so nothing was looked at"
    for value in values:
        assert value not in run.stdout + run.stderr
        assert not [content for content in files if value.encode() in content]


@contextmanager
def everything_kept(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A folder to write into, and another that gets a second name for each file that ever was in it."""
    kept = folder.with_name(f"{folder.name}-kept")
    folder.mkdir()
    kept.mkdir()
    ended = Event()

    def keep() -> None:
        while not ended.wait(0.002):
            with suppress(
                OSError
            ):  # a folder that went while it was being read; the next look is at once
                for path in folder.rglob("*"):
                    keep_one(path)

    def keep_one(path: Path) -> None:
        with suppress(OSError):
            if path.is_file():
                (kept / str(path.stat().st_ino)).hardlink_to(path)

    watcher = Thread(target=keep)
    watcher.start()
    try:
        yield folder, kept
    finally:
        ended.set()
        watcher.join()
