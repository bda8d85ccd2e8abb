"""`python -m portal.worker`: work until told to stop. Settings come from the environment."""

import os
import sys

from portal import create_app
from portal.errors import ConfigurationError
from portal.telemetry import logs
from portal.worker.process import run


def main() -> None:
    logs.begin(os.environ)
    try:
        run(create_app())
    except ConfigurationError as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
