"""What gunicorn loads in a drill that must go wrong: the portal, mutated as the environment says."""

import os

from portal import create_app
from tests.drill import mutations
from tests.drill.settings import MUTATION

app = create_app()
getattr(mutations, os.environ[MUTATION])(app)
