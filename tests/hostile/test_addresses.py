"""Every parameter of every address, with everything hostile: as every role, and signed out."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.access import Role
from tests.hostile.attacks import at_door, some
from tests.hostile.conftest import Crawl
from tests.laws.access_matrix import ROLES, World, doors
from tests.plugins.lanes import examples

AT_EACH_DOOR = 5

pytestmark = pytest.mark.fuzz


@pytest.mark.parametrize("role", [*ROLES, None], ids=lambda role: role.value if role else "nobody")
def test_no_address_stumbles_or_tells(
    app: Flask, world: World, crawl_as: Callable[[Role | None], Crawl], role: Role | None
) -> None:
    crawl = crawl_as(role)
    faults = []
    for door in doors(app):
        rule, method = door
        attacks = at_door(app, door, world, role)
        seed = f"{role} {method} {rule.rule}"
        faults += crawl.faults(some(attacks, examples(AT_EACH_DOOR), seed))

    assert faults == []
