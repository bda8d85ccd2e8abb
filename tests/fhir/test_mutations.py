"""Bundles with a fault at every place: each is refused or stored completely, without a traceback."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.fhir.foreign import ForeignBundle
from portal.fhir.importing import Import
from portal.models import Base
from portal.settings.hospital import Hospital
from tests.fhir.samples import NAMES, NOW, bundle, read
from tests.plugins.lanes import examples

Path_ = tuple[str | int, ...]

GONE = object()
WRONG: tuple[Any, ...] = (
    *(GONE, None, True, 12, -1.5, 10**30, "", " ", "x", "x" * 600, "é", "😀", "\x00", "\ud800"),
    *("urn:uuid:nobody", "Patient?identifier=a|b", "2019", "2019-13-45T00:00:00Z", "9999-12-31"),
    *("0001-01-01T00:00:00+14:00", [], {}, [None], [[]], [{}], ["x"], {"value": "x"}),
)


def paths(value: Any, here: Path_ = ()) -> Iterator[Path_]:
    """The paths of all elements, at any depth."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in items:
        yield (*here, name)
        if isinstance(inner, (dict, list)):
            yield from paths(inner, (*here, name))


def broken(parsed: Any, path: Path_, wrong: Any) -> Any:
    """A copy in which the element at the path is changed or removed."""
    whole = copy.deepcopy(parsed)
    parent = whole
    for name in path[:-1]:
        parent = parent[name]
    if wrong is GONE:
        del parent[path[-1]]
    else:
        parent[path[-1]] = copy.deepcopy(wrong)
    return whole


@pytest.mark.parametrize("name", NAMES)
def test_every_single_fault_is_read_or_refused(name: str) -> None:
    parsed = bundle(name)
    told = [
        refusal
        for path in paths(parsed)
        for wrong in WRONG
        if (refusal := refusal_of(broken(parsed, path, wrong)))
    ]

    assert len(told) > 1000
    assert [refusal for refusal in told if not refusal.isprintable()] == []


def refusal_of(parsed: object) -> str | None:
    try:
        read(parsed)
    except ForeignBundle as refusal:
        return str(refusal)
    return None


PLACES = [(name, path) for name in NAMES for path in paths(bundle(name))]


@settings(
    max_examples=examples(250),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    faults=st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(WRONG)), min_size=1, max_size=3
    )
)
def test_a_broken_bundle_is_kept_whole_or_not_at_all(
    engine: Engine, faults: list[tuple[tuple[str, Path_], Any]]
) -> None:
    name = faults[0][0][0]
    parsed = bundle(name)
    for (other, path), wrong in faults:
        if other == name and _is_there(parsed, path):
            parsed = broken(parsed, path, wrong)
    with TemporaryDirectory() as folder, engine.connect() as connection:
        file = Path(folder, "bundle.json")
        file.write_text(json.dumps(parsed))
        transaction = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            run = Import(session, by=SYSTEM, hospital=Hospital(), clock=lambda: NOW)
            before = rows(session)
            list(run.take([file]))

            assert run.taken + len(run.refusals) == 1
            if run.refusals:
                assert rows(session) == before
        transaction.rollback()


def _is_there(parsed: Any, path: Path_) -> bool:
    for name in path:
        try:
            parsed = parsed[name]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def rows(session: Session) -> dict[str, int]:
    """The number of rows of each table."""
    counts = (
        select(func.count()).select_from(table).scalar_subquery().label(name)
        for name, table in Base.metadata.tables.items()
    )
    return dict(session.execute(select(*counts)).one()._mapping)
