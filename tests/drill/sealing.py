"""`python -m tests.drill.sealing`: seals the whole audit trail at once.

The worker seals entries that are two minutes old, but most drills end before that. This program runs
the worker's code with a clock that is ahead.
"""

from datetime import UTC, datetime

from portal import create_app
from portal.audit.seals import SETTLED, key_from, seal
from portal.database import db


def main() -> None:
    app = create_app()
    with app.app_context():
        key = key_from(app.extensions["settings"].audit_secret)
        while seal(db.session(), key, datetime.now(UTC) + 2 * SETTLED):
            pass


if __name__ == "__main__":
    main()
