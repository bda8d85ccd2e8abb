"""Every route names a deed, every deed is used, and all addresses have the same style."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.access import Deed, Role
from portal.web.pages import mark_of, page_of

AT_THE_DOOR = {Deed.SIGN_IN, Deed.SIGN_OUT}
"""Deeds on pages that are open to everybody. The audit trail records them."""

KEBAB = re.compile(r"(/[a-z0-9-]+(\.ics)?|/<(string\(length=20\)|date|int|[a-z]+):[a-z_]+>|/)*")


@pytest.fixture
def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_names_a_deed_or_is_public(app: Flask, rules: list[Rule]) -> None:
    unmarked = [
        rule.endpoint for rule in rules if page_of(app.view_functions[rule.endpoint]) is None
    ]

    assert unmarked == []


def test_every_deed_is_used_by_a_route_or_by_the_portal_itself(
    app: Flask, rules: list[Rule]
) -> None:
    used = {mark_of(app.view_functions[rule.endpoint]).deed for rule in rules}
    by_itself = {deed for deed in Deed if deed.who.keys() == {Role.SYSTEM}}

    assert set(Deed) - used - by_itself == AT_THE_DOOR


def test_every_deed_says_who_may_do_it() -> None:
    assert [deed for deed in Deed if not deed.who] == []


def test_addresses_are_kebab_case_and_their_parameters_typed(rules: list[Rule]) -> None:
    odd = [rule.rule for rule in rules if not KEBAB.fullmatch(rule.rule)]

    assert odd == []


def test_nothing_is_changed_by_a_get(rules: list[Rule]) -> None:
    methods = {frozenset((rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in rules}

    assert methods <= {frozenset({"GET"}), frozenset({"POST"}), frozenset({"GET", "POST"})}
