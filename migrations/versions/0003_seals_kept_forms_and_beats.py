"""Seals on the audit trail, forms kept while somebody signs in again, signs of life of the worker"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.models.base import Instant, Key, exact_text

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_event_id", Key, nullable=False),
        sa.Column("last_event_id", Key, nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("late", sa.JSON(), nullable=False),
        sa.Column("digest", exact_text(64), nullable=False),
        sa.Column("signature", exact_text(64), nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "kept_form",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("action", sa.String(length=500), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_kept_form_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
        sa.UniqueConstraint("ref", name=op.f("uq_kept_form_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_kept_form_account_id"), "kept_form", ["account_id"], unique=False)
    op.create_index(op.f("ix_kept_form_created_at"), "kept_form", ["created_at"], unique=False)
    op.create_table(
        "worker_beat",
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_beat")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )


def downgrade() -> None:
    op.drop_table("worker_beat")
    op.drop_table("kept_form")
    op.drop_table("audit_seal")
