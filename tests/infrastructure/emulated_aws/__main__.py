import logging
import os
import sys

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"  # moto reads it at import

from tests.infrastructure.emulated_aws import serve

logging.getLogger("werkzeug").setLevel(logging.ERROR)
serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
