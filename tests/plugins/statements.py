"""A rule for every test: no statement with an expanded list is sent with a list of values.

SQLAlchemy refuses `IN (…)` with such a list only when there are two sets of values or more, so that
it fails first in the hospital, where there are many rows. Here it fails with one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import BindParameter, ClauseElement, Connection
from sqlalchemy.sql import visitors


def refuse_expanded_lists(statement: Any, values: Any) -> None:
    """Raises `AssertionError` for a statement that would fail with more than one set of values."""
    if not isinstance(statement, ClauseElement) or isinstance(values, Mapping):
        return
    if isinstance(values, Sequence) and any(
        isinstance(part, BindParameter) and part.expanding for part in visitors.iterate(statement)
    ):
        raise AssertionError(f"An expanded list in a statement for many rows: {statement}")


def pytest_configure() -> None:
    patch, execute = pytest.MonkeyPatch(), Connection.execute

    def execute_lawfully(
        self: Connection, statement: Any, parameters: Any = None, **options: Any
    ) -> Any:
        refuse_expanded_lists(statement, parameters)
        return execute(self, statement, parameters, **options)

    patch.setattr(Connection, "execute", execute_lawfully)
