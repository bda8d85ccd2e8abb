"""`python -m tests.drill.sealing`: seals the whole audit trail at once, as if it had settled long ago.

Entries are sealed when they are two minutes old; most drills are over before. What is sealed here is
what the worker would seal, by the same code, with a clock that is ahead.
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
