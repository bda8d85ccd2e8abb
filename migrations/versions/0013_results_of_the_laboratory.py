"""Results of the laboratory: the form of a report, what is held, and who waits for a talk"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.models.base import Instant, Key, exact_text

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("observation_panel", sa.Column("panel_key", exact_text(24), nullable=True))
    op.add_column("observation_panel", sa.Column("discussed_at", Instant(), nullable=True))
    op.add_column(
        "observation_panel", sa.Column("discussed_by_name", sa.String(length=200), nullable=True)
    )
    op.create_table(
        "result_hold",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("panel_id", Key, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("held_at", Instant(), nullable=False),
        sa.Column("held_by", exact_text(20), nullable=False),
        sa.Column("held_by_name", sa.String(length=200), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "live",
            Key,
            sa.Computed("CASE WHEN ended_at IS NULL THEN panel_id END", persisted=True),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["observation_panel.id"], name=op.f("fk_result_hold_panel_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_result_hold_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_hold")),
        sa.UniqueConstraint("live", name=op.f("uq_result_hold_live")),
        sa.UniqueConstraint("ref", name=op.f("uq_result_hold_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_result_hold_panel_id"), "result_hold", ["panel_id"], unique=False)
    op.create_index(op.f("ix_result_hold_patient_id"), "result_hold", ["patient_id"], unique=False)
    op.create_table(
        "result_wait",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("chosen_at", Instant(), nullable=False),
        sa.Column("chosen_by_name", sa.String(length=200), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_result_wait_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_wait")),
        sa.UniqueConstraint("ref", name=op.f("uq_result_wait_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_result_wait_patient_id"), "result_wait", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_table("result_wait")
    op.drop_table("result_hold")
    op.drop_column("observation_panel", "discussed_by_name")
    op.drop_column("observation_panel", "discussed_at")
    op.drop_column("observation_panel", "panel_key")
