"""`make restore-drill`: back a working hospital up, destroy it, bring it back, say what was lost.

It proves the steps and that nothing else is needed for them; the times are this machine's, not AWS's.
"""

import logging
import shutil
import sys
import tempfile
from pathlib import Path

from tests.restore_drill.drill import LOG, run

SECONDS_BEFORE, SECONDS_AFTER = 5.0, 5.0


def main() -> int:
    logging.disable(logging.ERROR)  # the portal says a lot about a database that was destroyed
    folder = Path(tempfile.mkdtemp(prefix="medicare-hub-restore-"))
    try:
        outcome = run(folder, before=SECONDS_BEFORE, after=SECONDS_AFTER)
    except BaseException:
        print(
            (folder / LOG).read_text()[-2000:] if (folder / LOG).exists() else "", file=sys.stderr
        )
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(outcome.lines()))
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
