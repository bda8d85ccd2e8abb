"""Documents"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.models.base import Instant, Key, exact_text

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "document_reference",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("type", sa.String(24), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("origin", sa.String(24), nullable=False),
        sa.Column("added_by_id", Key, nullable=True),
        sa.Column("added_by_name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", exact_text(64), nullable=False),
        sa.Column("file_name", exact_text(64), nullable=False),
        sa.Column("attachment_title", sa.String(length=255), nullable=False),
        sa.Column("scan", sa.String(24), nullable=False),
        sa.Column("scan_result", sa.String(length=200), nullable=True),
        sa.Column("scanned_at", Instant(), nullable=True),
        sa.Column("thumbnail", sa.String(24), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.Column("damaged_at", Instant(), nullable=True),
        sa.Column("file_removed_at", Instant(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(length=200), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_document_reference_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_document_reference_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_reference")),
        sa.UniqueConstraint("file_name", name=op.f("uq_document_reference_file_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_document_reference_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_document_reference_checked_at"), "document_reference", ["checked_at"], unique=False
    )
    op.create_index(
        op.f("ix_document_reference_damaged_at"), "document_reference", ["damaged_at"], unique=False
    )
    op.create_index(
        op.f("ix_document_reference_patient_id_created_at"),
        "document_reference",
        ["patient_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_document_reference_patient_id_sha256"),
        "document_reference",
        ["patient_id", "sha256"],
        unique=False,
    )
    op.create_index(
        op.f("ix_document_reference_scan_due_at"),
        "document_reference",
        ["scan", "due_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_document_reference_thumbnail_due_at"),
        "document_reference",
        ["thumbnail", "due_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("document_reference")
