"""The old address of a record that was merged leads on to the record that was kept."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.errors import NotFound
from portal.reach import lookup
from portal.web import current


def lead_on(deed: Deed | None, arguments: dict[str, Any]) -> Response:
    """Goes on to the same page about the kept record, if the actor may open that.

    Raises `NotFound` for everything else: what is not theirs looks like what is not there.
    """
    if deed is None or request.method != "GET" or "patient_ref" not in arguments:
        raise NotFound
    context = current.context()
    kept = lookup.kept_instead(context.session, arguments["patient_ref"])
    context.find_patient(deed, kept)
    query = request.args.to_dict()
    return redirect(url_for(request.endpoint or "", **{**query, **arguments, "patient_ref": kept}))
