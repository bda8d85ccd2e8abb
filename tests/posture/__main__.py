"""`make posture-scan`: builds production in an emulated account and lets Prowler look at it."""

import shutil
import sys
from itertools import chain
from pathlib import Path

from tests.infrastructure.account import empty_account
from tests.infrastructure.playbooks import play
from tests.posture.findings import FRAMEWORKS, Finding, count
from tests.posture.reviews import judge, load
from tests.posture.scanning import NotScanned, scan

NOT_INSTALLED = """\
There is no program {0}. Prowler wants other packages than this project, so it has its own environment:
    python3 -m venv ~/prowler && ~/prowler/bin/pip install prowler==5.46.0
    make posture-scan PROWLER=~/prowler/bin/prowler"""


def main(named: str) -> int:
    prowler = shutil.which(Path(named).expanduser())
    if prowler is None:
        print(NOT_INSTALLED.format(named), file=sys.stderr)
        return 2
    try:
        findings = _scanned(prowler)
    except NotScanned as failure:
        print(failure, file=sys.stderr)
        return 2
    for framework in FRAMEWORKS:
        counts = (f"{count(findings, framework, status)} {status}" for status in ("PASS", "FAIL"))
        print(f"{framework}: {', '.join(counts)}")
    wrong = judge(findings, list(chain(*load().values())))
    print("\n".join(wrong) or "Every check that fails has been reviewed.")
    return 1 if wrong else 0


def _scanned(prowler: str) -> list[Finding]:
    with empty_account() as account:
        site = play("site", account)
        if site.status:
            raise NotScanned(site.output)
        return scan(prowler, account)


sys.exit(main(sys.argv[1]))
