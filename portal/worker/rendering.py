"""Templates outside of a request: the worker hands this to features whose code knows no Flask."""

from collections.abc import Mapping

from flask import current_app


def rendered(template: str, values: Mapping[str, object]) -> str:
    """The text of a template, without what pages are given: nobody is signed in.

    Needs an application context.
    """
    return current_app.jinja_env.get_template(template).render(values).strip()
