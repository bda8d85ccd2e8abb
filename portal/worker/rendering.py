"""Renders templates outside of a request, for features that may not import Flask."""

from collections.abc import Mapping

from flask import current_app


def rendered(template: str, values: Mapping[str, object]) -> str:
    """The rendered template, without the page context: nobody is signed in.

    Needs an application context.
    """
    return current_app.jinja_env.get_template(template).render(values).strip()
