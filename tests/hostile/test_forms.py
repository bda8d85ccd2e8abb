"""Every field of every form on every page, with everything hostile: as every role."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.access import Role
from tests.hostile.attacks import in_form, some
from tests.hostile.conftest import Crawl
from tests.laws.access_matrix import ROLES, World
from tests.laws.test_forms import NOT_SENT, Form, forms_on, pages_of
from tests.plugins.lanes import examples

AT_EACH_FORM = 12

pytestmark = pytest.mark.fuzz


def forms_of(crawl: Crawl, role: Role) -> Iterator[tuple[Form, str]]:
    """Each form that the role's pages have, once, with the endpoint that it is sent to."""
    adapter = crawl.app.url_map.bind("localhost")
    seen: set[tuple[str, str]] = set()
    for path, text in list(pages_of(crawl.app, crawl.world, role, crawl.browser)):
        for form in forms_on(text, path):
            if (form.method, form.address) in seen or form.address in NOT_SENT:
                continue
            seen.add((form.method, form.address))
            try:
                where = adapter.match(form.address.partition("?")[0], method=form.method.upper())
            except HTTPException:
                continue
            yield form, where[0]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_no_field_stumbles_or_tells(
    app: Flask, world: World, crawl_as: Callable[[Role | None], Crawl], role: Role
) -> None:
    crawl = crawl_as(role)
    faults, forms = [], list(forms_of(crawl, role))
    for form, endpoint in forms:
        attacks = in_form(form, endpoint, world)
        seed = f"{role} {form.method} {endpoint}"
        faults += crawl.faults(some(attacks, examples(AT_EACH_FORM), seed))

    assert faults == []
    assert len(forms) > 5
