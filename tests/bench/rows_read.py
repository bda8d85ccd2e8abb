"""How many rows of tables each statement reads, and how many it gives or changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

_READ = "SHOW SESSION STATUS LIKE 'Rows\\_read'"
"""MariaDB counts a row each time a statement reads it, without those of temporary tables."""


@dataclass(frozen=True)
class Reading:
    """What one execution of a statement read."""

    statement: str
    read: int
    rows: int
    """What it returned or changed."""


@contextmanager
def readings(engine: Engine) -> Iterator[list[Reading]]:
    """Each statement that is executed through the engine meanwhile."""
    found: list[Reading] = []
    before: dict[int, int] = {}

    def begin(connection: Connection, cursor: Any, *_: Any) -> None:
        before[id(cursor)] = _rows_read(connection)

    def end(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        read = _rows_read(connection) - before.pop(id(cursor))
        found.append(Reading(" ".join(statement.split()), read, cursor.rowcount))

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", begin)
        event.remove(engine, "after_cursor_execute", end)


def _rows_read(connection: Connection) -> int:
    cursor: Any = connection.connection.cursor()
    cursor.execute(_READ)
    return int(cursor.fetchone()[1])
