"""When staff are checked again at the provider, and what a submission key was sent with"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.models.base import Instant, exact_text

revision: str = "0012"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # The release before this one writes its rows without these columns: its sessions are not checked
    # again, and its keys fit any form, as before.
    op.add_column("sign_in_session", sa.Column("recheck_at", Instant(), nullable=True))
    op.add_column("sign_in_session", sa.Column("refresh_token", sa.Text(), nullable=True))
    op.create_index("ix_sign_in_session_recheck_at", "sign_in_session", ["recheck_at"])
    op.add_column("sign_in_session", sa.Column("lapsed_at", Instant(), nullable=True))
    op.add_column("submission", sa.Column("content_hash", exact_text(64), nullable=True))


def downgrade() -> None:
    op.drop_column("submission", "content_hash")
    op.drop_column("sign_in_session", "lapsed_at")
    op.drop_index("ix_sign_in_session_recheck_at", table_name="sign_in_session")
    op.drop_column("sign_in_session", "refresh_token")
    op.drop_column("sign_in_session", "recheck_at")
