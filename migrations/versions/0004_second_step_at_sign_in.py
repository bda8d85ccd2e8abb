"""That a session opens nothing but the set-up of a second step at sign-in"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # The release before this one writes its sessions without the column.
    op.add_column(
        "sign_in_session",
        sa.Column("needs_second_step", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("sign_in_session", "needs_second_step")
