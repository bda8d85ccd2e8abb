"""What gunicorn loads in a drill that must go wrong: the portal, mutated as the environment says."""

import os

from portal import create_app
from tests.drill import mutations

MUTATION = "DRILL_MUTATION"

app = create_app()
getattr(mutations, os.environ[MUTATION])(app)
