"""Every route names a deed, every deed has its use, every address is of one make."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.access import TABLE, Deed, Role
from portal.web import guard

AT_THE_DOOR = {Deed.SIGN_IN, Deed.SIGN_OUT}
"""Done on pages that are open to everybody, and kept in the audit trail."""

KEBAB = re.compile(r"(/[a-z0-9-]+(\.ics)?|/<(string\(length=20\)|date|int|[a-z]+):[a-z_]+>|/)*")


@pytest.fixture
def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_names_a_deed_or_is_public(app: Flask, rules: list[Rule]) -> None:
    unnamed = [
        rule.endpoint
        for rule in rules
        if (guard.deed_of(app.view_functions[rule.endpoint]) is None)
        != guard.is_public(app.view_functions[rule.endpoint])
    ]

    assert unnamed == []


def test_every_deed_is_used_by_a_route_or_by_the_portal_itself(
    app: Flask, rules: list[Rule]
) -> None:
    used = {guard.deed_of(app.view_functions[rule.endpoint]) for rule in rules}
    by_itself = {deed for deed in Deed if TABLE[deed].keys() == {Role.SYSTEM}}

    assert set(Deed) - used - by_itself == AT_THE_DOOR


def test_every_deed_stands_in_the_table() -> None:
    assert TABLE.keys() == set(Deed)


def test_addresses_are_kebab_case_and_their_parameters_typed(rules: list[Rule]) -> None:
    odd = [rule.rule for rule in rules if not KEBAB.fullmatch(rule.rule)]

    assert odd == []


def test_nothing_is_changed_by_a_get(rules: list[Rule]) -> None:
    methods = {frozenset((rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in rules}

    assert methods <= {frozenset({"GET"}), frozenset({"POST"}), frozenset({"GET", "POST"})}
