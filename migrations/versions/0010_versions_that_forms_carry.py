"""Versions of what forms change, so that a form acts on nothing that its page did not show"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = (
    *("appointment", "slot", "schedule", "schedule_exception"),
    *("location", "practitioner", "account", "related_person"),
    *("document_reference", "emergency_access"),
)


def upgrade() -> None:
    # The release before this one adds rows without the column, and changes rows without raising it:
    # while both run, and after a return to it, what it changed is not noticed by a form of this one.
    for table in TABLES:
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_column(table, "version")
