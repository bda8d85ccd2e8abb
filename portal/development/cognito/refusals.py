"""The plain page that says why the provider refuses."""

from flask import render_template
from werkzeug.exceptions import HTTPException, SecurityError


def refuse(sentence: str, status: int = 400) -> tuple[str, int]:
    """The page with `sentence`, for people who came by a wrong link."""
    return render_template("refused.html", sentence=sentence), status


def refuse_by_code(error: HTTPException) -> tuple[str, int] | HTTPException:
    """Werkzeug's own errors on the same page; errors that bring their own body stay as they are."""
    if error.response is not None or not error.description:
        return error
    if isinstance(error, SecurityError):
        # The request came with a foreign host name, so no address can be built.
        return error
    return refuse(error.description, error.code or 500)
