"""The worker's jobs that keep failing, for the administrator's page"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.models.base import Instant

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "job_failure",
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("job", sa.String(length=50), nullable=False),
        sa.Column("failing_since", Instant(), nullable=False),
        sa.Column("last_failed_at", Instant(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("worker", "job", name=op.f("pk_job_failure")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )


def downgrade() -> None:
    op.drop_table("job_failure")
