"""What gunicorn loads in a drill with a faulty portal. The environment names the fault."""

import os
from pathlib import Path

from tests.drill import clocks, mutations
from tests.drill.settings import MUTATION

if clock := os.environ.get(clocks.VARIABLE):
    clocks.follow(Path(clock))

from portal import create_app

app = create_app()
if name := os.environ.get(MUTATION):
    getattr(mutations, name)(app)
