"""The portal's database account can do its work, but can't change the audit trail."""

import pytest
from sqlalchemy import Engine, Executable, delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.models import AuditEvent, AuditSeal, Base
from tests.builders import NOW, audited_deeds, context_for

COMMAND_DENIED = 1142


def test_every_table_is_granted_and_the_audit_trail_only_for_adding(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT table_name, GROUP_CONCAT(privilege_type ORDER BY privilege_type)"
                " FROM information_schema.table_privileges"
                " WHERE table_schema = DATABASE() GROUP BY table_name"
            )
        )
        granted = {str(name): str(privileges) for name, privileges in rows}

    assert granted.pop("alembic_version") == "SELECT"
    assert granted.pop("audit_event") == granted.pop("audit_seal") == "INSERT,SELECT"
    assert granted == dict.fromkeys(
        Base.metadata.tables.keys() - {"audit_event", "audit_seal"}, "DELETE,INSERT,SELECT,UPDATE"
    )


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEvent).values(deed="something else"),
        delete(AuditEvent),
        update(AuditSeal).values(digest="something else"),
        delete(AuditSeal),
        text("TRUNCATE audit_event"),
        text("ALTER TABLE audit_event DROP COLUMN deed"),
        text("DROP TABLE audit_event"),
        text("CREATE TABLE notes (id INTEGER)"),
    ],
    ids=str,
)
def test_entries_of_the_audit_trail_cannot_be_changed_or_removed(
    database: Session, engine: Engine, statement: Executable
) -> None:
    context_for(database, now=NOW).remember(Deed.MAKE_SLOTS)
    database.commit()

    with pytest.raises(DBAPIError) as refusal, engine.begin() as connection:
        connection.execute(statement)

    assert refusal.value.orig is not None
    assert refusal.value.orig.args[0] == COMMAND_DENIED
    assert audited_deeds(database) == ["make slots"]
