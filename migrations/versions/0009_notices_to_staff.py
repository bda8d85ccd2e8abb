"""Notices to staff, which are about no appointment

A worker of the previous release finds no appointment for such a notice and skips it; the notice returns to
the queue when its lease expires.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.models.base import Key

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FOREIGN_KEY = "fk_notice_account_id"
UNIQUE = "uq_notice_account_id_occasion_day"


def upgrade() -> None:
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("appointment_id", existing_type=Key, nullable=True)
        notice.add_column(sa.Column("account_id", Key, nullable=True))
        notice.add_column(sa.Column("day", sa.Date(), nullable=True))
        notice.create_foreign_key(FOREIGN_KEY, "account", ["account_id"], ["id"])
        notice.create_unique_constraint(UNIQUE, ["account_id", "occasion", "day"])


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE appointment_id IS NULL")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(FOREIGN_KEY, type_="foreignkey")
        notice.drop_constraint(UNIQUE, type_="unique")
        notice.drop_column("day")
        notice.drop_column("account_id")
        notice.alter_column("appointment_id", existing_type=Key, nullable=False)
