"""`make audit`: gets the advisories about all locked packages, and names those that nobody reviewed."""

import sys
from datetime import UTC, datetime

import requests

from tests.advisories import kept, osv
from tests.advisories.locked import locked


def main() -> int:
    packages = locked()
    try:
        found = osv.about(packages)
    except requests.RequestException as fault:
        print(f"OSV can't be asked ({type(fault).__name__}).", file=sys.stderr)
        print(f"Nothing was changed: {kept.read().source}", file=sys.stderr)
        return 2
    source = f"OSV of {datetime.now(UTC):%Y-%m-%d}"
    kept.write(kept.Kept(source, tuple(found)))
    wrong = kept.unreviewed(packages, found, kept.reviewed())
    print("\n".join(wrong) or f"{source}: every advisory about a locked version was reviewed.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
