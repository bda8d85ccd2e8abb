"""What gunicorn loads: `tests.bench.raw_pages.wsgi:app`."""

import os

from portal.settings.configuration import Settings
from tests.bench.raw_pages import create_raw_app

app = create_raw_app(Settings.from_environment(os.environ))
