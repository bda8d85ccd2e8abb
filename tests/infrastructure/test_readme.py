"""What ansible/README.md shows is what the playbooks say."""

import re
from typing import Any

import pytest
import yaml

from tests.infrastructure.playbooks import ANSIBLE

PLAYBOOKS = ("site", "bake", "deploy", "rollback", "restore", "teardown")


def read(path: str) -> Any:
    return yaml.safe_load((ANSIBLE / path).read_text(encoding="utf-8"))


def roles_of(playbook: str) -> list[str]:
    plays = read(f"{playbook}.yml")
    return [one if isinstance(one, str) else one["role"] for play in plays for one in play["roles"]]


def in_order_of_building() -> list[str]:
    named = [role for playbook in PLAYBOOKS[:5] for role in roles_of(playbook)]
    return list(dict.fromkeys(named))


@pytest.fixture
def readme() -> str:
    return (ANSIBLE / "README.md").read_text(encoding="utf-8")


def test_the_table_has_every_role_in_the_order_of_building(readme: str) -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(roles/\w+/README.md\) \| (.+) \|$", readme, re.MULTILINE)
    described = [
        (role, read(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"])
        for role in in_order_of_building()
    ]
    assert rows == [(role, spec["short_description"]) for role, spec in described]


def test_solid_arrows_are_what_the_security_groups_allow(readme: str) -> None:
    drawn = {
        (peer, group, int(port))
        for peer, ports, group in re.findall(r"^ +(\w+).* -->\|([\d, ]+)\| (\w+)", readme, re.M)
        for port in ports.split(", ")
    }
    groups = read("roles/network/vars/main.yml")["__network_groups"]
    let_in = {
        (rule["peer"], name, rule["port"])
        for name, group in groups.items()
        for rule in group["incoming"]
    }
    let_out = {
        (name, rule["peer"], rule["port"])
        for name, group in groups.items()
        for rule in group["outgoing"]
    }
    assert drawn == let_in | let_out


def test_what_is_built_is_torn_down_in_the_other_order() -> None:
    built = [role for role in roles_of("site") if role != "preflight"]
    torn_down = [role for role in roles_of("teardown") if role in built]
    assert torn_down == built[::-1]


def test_every_role_is_in_a_playbook() -> None:
    folders = {path.name for path in (ANSIBLE / "roles").iterdir()}
    assert folders == set(in_order_of_building())


def test_every_playbook_is_among_the_commands(readme: str) -> None:
    commands = re.findall(r"^    ansible-playbook -i \S+ (\w+)\.yml", readme, re.MULTILINE)
    assert sorted(commands) == sorted(PLAYBOOKS)
    assert sorted(commands) == sorted(path.stem for path in ANSIBLE.glob("[a-z]*.yml"))


def test_environments_differ_only_in_their_variables() -> None:
    environments = {path.stem for path in (ANSIBLE / "inventory").glob("*.yml")}
    assert environments == {"production", "staging"}
    for name in environments:
        assert read(f"inventory/{name}.yml")["hub"]["children"].keys() == {name}
