"""Fills a table in bulk: rows go through a named pipe into one LOAD DATA, which builds each index once."""

import errno
import os
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import pymysql
from tqdm import tqdm

from portal.models import Base

Row = Iterable[object]
SLICE = 10_000
"""Rows per write, and per step of the progress bar."""


def load(
    connection: "pymysql.Connection[pymysql.cursors.Cursor]",
    table: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    total: int,
) -> None:
    """Loads `rows` into an empty table. `total` is only for the progress bar.

    The server reads the pipe itself, so it must run on this machine as this user. Raises
    `pymysql.Error` for a row that the table refuses.
    """
    known = Base.metadata.tables[table].columns
    assert set(columns) <= set(known.keys()), f"{table} has other columns"
    with tempfile.TemporaryDirectory(prefix="medicare-hub-bench-") as folder:
        pipe = Path(folder) / table
        os.mkfifo(pipe)
        # The server only reads files that everybody may read, except those in its own data folder.
        Path(folder).chmod(0o755)
        pipe.chmod(0o644)
        statement = (
            f"LOAD DATA INFILE '{pipe}' INTO TABLE `{table}` CHARACTER SET utf8mb4"
            f" ({', '.join(columns)})"
        )
        with ThreadPoolExecutor(1) as executor, connection.cursor() as cursor:
            cursor.execute("SET unique_checks = 0, foreign_key_checks = 0")
            loading = executor.submit(cursor.execute, statement)
            _write(pipe, loading, rows, table, total)
            loading.result()
            connection.commit()


def _write(pipe: Path, loading: "Future[int]", rows: Iterable[Row], table: str, total: int) -> None:
    with _open(pipe, loading) as out, tqdm(desc=f"  {table}", total=total, unit_scale=True) as bar:
        lines: list[str] = []
        try:
            for row in rows:
                lines.append("\t".join(map(text, row)))
                if len(lines) == SLICE:
                    out.write("\n".join(lines).encode() + b"\n")
                    bar.update(SLICE)
                    lines.clear()
            if lines:
                out.write("\n".join(lines).encode() + b"\n")
                bar.update(len(lines))
        except BrokenPipeError:
            loading.result()
            raise


def _open(pipe: Path, loading: "Future[int]") -> BinaryIO:
    """The pipe's writing end, once the server reads from it. Raises the server's error if it does not."""
    while True:
        try:
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as fault:
            if fault.errno != errno.ENXIO:
                raise
            if loading.done():
                loading.result()
                raise RuntimeError(f"the server never read {pipe.name}") from fault
            time.sleep(0.005)
        else:
            os.set_blocking(descriptor, True)
            return os.fdopen(descriptor, "wb")


def text(value: object) -> str:
    """The value in the format of LOAD DATA."""
    if value is None:
        return r"\N"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
