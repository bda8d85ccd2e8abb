"""Checks pages with html-validate. It uses no network.

Its rules are in `.htmlvalidate.json`. Two are off: white space at line ends, and "a form has a
button" (the day list is one form, with a button for each step that is possible today).
"""

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "node_modules" / ".bin" / "html-validate"
FOUND_SOMETHING = 1

NEED_ROLES = re.compile(
    # Tables whose rows become cards in a narrow window: in some browsers `display` removes their
    # semantics, and the roles restore them. Also fieldsets from NHS.UK frontend's macros.
    r'<table[^>]*class="[^"]*(?:--responsive|mch-day|mch-compare).*?</table>|<fieldset[^>]*>',
    re.DOTALL,
)
_ROLE = re.compile(r' role="\w+"')


def faults_of(pages: Iterable[tuple[str, str]]) -> list[str]:
    """One line for each finding. Takes each page's name and text."""
    with TemporaryDirectory() as folder:
        names = {}
        for number, (name, text) in enumerate(pages):
            file = Path(folder) / f"{number}.html"
            file.write_text(NEED_ROLES.sub(lambda it: _ROLE.sub("", it[0]), text))
            names[str(file)] = name
        told = subprocess.run(
            [PROGRAM, "--config", ROOT / ".htmlvalidate.json", "--formatter", "json", *names],
            capture_output=True,
            text=True,
            check=False,
        )
    if told.returncode not in (0, FOUND_SOMETHING):
        raise RuntimeError(told.stderr)
    return [
        f"{names[page['filePath']]}: {one['message']} ({one['ruleId']}) at {one['selector']}"
        for page in json.loads(told.stdout)
        for one in page["messages"]
    ]
