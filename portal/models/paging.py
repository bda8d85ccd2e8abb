"""Paging by key: a page begins at a row, so the rows before it cost nothing, unlike with OFFSET.

The page's address has the row's reference; the row's key is looked up and bound with `key_values`.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_

Compare = Callable[[Any, Any], Any]
_STRICT: dict[Compare, Compare] = {operator.ge: operator.gt, operator.le: operator.lt}


def beyond(key: Sequence[ColumnElement[Any]], compare: Compare) -> ColumnElement[bool]:
    """A clause that compares a row's key with the bound one, by `operator.lt`, `le`, `gt` or `ge`.

    `key` has the columns of the ORDER BY; the last one must be unique.
    """
    return _compared(
        [(column, _bound(number, column)) for number, column in enumerate(key)], compare
    )


def _bound(number: int, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return bindparam(f"key_{number}", type_=column.type)


def _compared(
    pairs: Sequence[tuple[ColumnElement[Any], ColumnElement[Any]]], compare: Compare
) -> ColumnElement[bool]:
    (column, value), *rest = pairs
    if not rest:
        last: ColumnElement[bool] = compare(column, value)
        return last
    strict = _STRICT.get(compare, compare)
    return or_(strict(column, value), and_(column == value, _compared(rest, compare)))


def key_values(key: Sequence[Any]) -> dict[str, Any]:
    """Values for the bind parameters of `beyond`."""
    return {f"key_{number}": value for number, value in enumerate(key)}
