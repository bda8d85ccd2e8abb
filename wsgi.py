"""What gunicorn and the `flask` command load: `gunicorn wsgi:app`, `flask --app wsgi worker`."""

from portal import create_app

app = create_app()
