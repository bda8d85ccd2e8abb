"""Whether a patient needs an interpreter, and whether they want no messages"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COLUMNS = ("interpreter_needed", "do_not_contact")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column(
            "patient", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("patient", name)
