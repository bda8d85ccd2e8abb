"""The versions of one entry of the record, as they were saved."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from portal.context import Context
from portal.errors import NotFound
from portal.models import RecordVersion
from portal.models.base import table_of
from portal.models.rows import columns, rows
from portal.reach.lookup import Subject

MOST = 200
"""The most versions of an entry that the page shows."""

_version = table_of(RecordVersion)


class Version(NamedTuple):
    item: str
    version: int
    content: dict[str, Any]
    at: datetime
    by_name: str


_VERSIONS = (
    select(*columns(Version, _version))
    .where(
        _version.c.patient_id == bindparam("patient_id"),
        _version.c.item_ref == bindparam("item_ref"),
    )
    .order_by(_version.c.version.desc())
    .limit(MOST)
)


def versions_of(context: Context, subject: Subject, item_ref: str) -> list[Version]:
    """The versions, newest first; raises `NotFound` for an entry of another patient."""
    values = {"patient_id": subject.id, "item_ref": item_ref}
    found = rows(context.session, Version, _VERSIONS, values)
    if not found:
        raise NotFound
    return found
