"""How Alembic reaches the portal's database: through the connection that it is given, or its engine."""

from contextlib import nullcontext
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from portal.database import db
from portal.models import Base
from portal.models.base import Instant


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | bool:
    """Writes the portal's own column types by their names in `portal/models/base.py`."""
    written = _own_type(item) if kind == "type" else None
    if written is None:
        return False
    if not written.startswith("sa."):
        autogenerate.imports.add("from portal.models.base import Instant, Key, exact_text")
    return written


def _own_type(item: Any) -> str | None:
    if isinstance(item, Instant):
        return "Instant()"
    if isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    if isinstance(item, sa.BigInteger):
        return "Key"
    if isinstance(item, sa.String) and item._variant_mapping:
        return f"exact_text({item.length})"
    return None


def run() -> None:
    given = context.config.attributes.get("connection")
    with nullcontext(given) if given else db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


with current_app.app_context():
    run()
