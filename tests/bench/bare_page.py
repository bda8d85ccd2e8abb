"""The minimum cost of a page under Flask and gunicorn: no sign-in, no database, no template."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def page() -> str:
    return "<!DOCTYPE html><html lang=en><title>Bare</title><h1>A bare page</h1>"
