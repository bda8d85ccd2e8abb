"""Shared by all tables: the declarative base, opaque references, UTC instants, enums by value.

Common subset of MySQL 8.4, MariaDB 10.11 and SQLite: no RETURNING, no functional index, no
server-side UUID; a partial unique index is a generated column with a unique key.
"""

import secrets
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, cast

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase, mapped_column

COLLATION = "utf8mb4_unicode_520_ci"
"""Explicit, because the servers' defaults differ and older collations treat all emoji as equal."""

REF_LENGTH = 20


def new_ref() -> str:
    """An opaque reference for URLs: 80 random bits as 20 lower-case hexadecimal digits."""
    return secrets.token_hex(REF_LENGTH // 2)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as DATETIME(6). Raises for a naive one, whose zone is unknown."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "mysql":
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


def exact_text(length: int) -> Any:
    """ASCII text compared byte by byte: references, hashes, codes."""
    return String(length).with_variant(
        mysql.VARCHAR(length, charset="ascii", collation="ascii_bin"), "mysql"
    )


def enum_by_value(enum: type[Enum]) -> SqlEnum:
    """Stores the member's value as text, so that members can be renamed without a migration."""
    return SqlEnum(
        enum,
        native_enum=False,
        length=24,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
    )


Key = BigInteger().with_variant(Integer, "sqlite")
PrimaryKey = Annotated[int, mapped_column(Key, primary_key=True, autoincrement=True)]
Ref = Annotated[str, mapped_column(exact_text(REF_LENGTH), unique=True, default=new_ref)]
At = Annotated[datetime, mapped_column(Instant())]
Version = Annotated[int, mapped_column(default=1, server_default="1")]
"""Grows with each change. Forms contain the version that their page showed (`portal/seen.py`)."""
MaybeAt = Annotated[datetime | None, mapped_column(Instant())]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    @classmethod
    def reference(cls, ref: str) -> str:
        """The FHIR reference of a row of this kind, such as `Patient/3f…`, for the audit trail."""
        return f"{cls.__name__}/{ref}"


def table_of(model: type[Base]) -> Table:
    """The model's table, for statements that select columns.

    Selecting through the model's attributes uses the ORM's loading, which takes as long again as the
    database.
    """
    return cast("Table", model.__table__)
