"""The next release: a copy of this one with one more migration, which this one also works with."""

import shutil
from pathlib import Path

from alembic.script import ScriptDirectory

from tests.drill.programs import ROOT

CONTENT = ("portal", "templates", "static", "migrations", "wsgi.py", "gunicorn.conf.py")
REVISION = "drilled"
COLUMN = "drilled"

_MIGRATION = f'''"""One column more."""

import sqlalchemy as sa
from alembic import op

revision = "{REVISION}"
down_revision = "{{head}}"


def upgrade() -> None:
    op.add_column("appointment", sa.Column("{COLUMN}", sa.Integer()))
'''


def next_release(folder: Path) -> Path:
    """Its folder."""
    release = folder / "next-release"
    release.mkdir()
    for name in CONTENT:
        whole = ROOT / name
        copy = shutil.copytree if whole.is_dir() else shutil.copy
        copy(whole, release / name)
    head = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    file = release / "migrations" / "versions" / f"{REVISION}.py"
    file.write_text(_MIGRATION.format(head=head))
    return release
