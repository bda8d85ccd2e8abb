"""Emergency access to a record, and its review"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.models.base import Instant, Key, exact_text

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "emergency_access",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("review_note", sa.String(length=500), nullable=False),
        sa.Column("reviewed_by_name", sa.String(length=200), nullable=True),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_emergency_access_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_emergency_access_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
        sa.UniqueConstraint("ref", name=op.f("uq_emergency_access_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_emergency_access_account_id_patient_id_ends_at"),
        "emergency_access",
        ["account_id", "patient_id", "ends_at"],
    )
    op.create_index(op.f("ix_emergency_access_patient_id"), "emergency_access", ["patient_id"])
    op.create_index(
        op.f("ix_emergency_access_outcome_begun_at_id"),
        "emergency_access",
        ["outcome", "begun_at", "id"],
    )


def downgrade() -> None:
    op.drop_table("emergency_access")
