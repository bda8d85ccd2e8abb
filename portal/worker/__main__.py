"""`python -m portal.worker`: work until told to stop. Settings come from the environment."""

import logging
import sys

from portal import create_app
from portal.errors import ConfigurationError
from portal.worker.process import run


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s worker: %(message)s")
    try:
        run(create_app())
    except ConfigurationError as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
