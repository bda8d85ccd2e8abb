"""Redirects from the address of a merged record to the record that was kept."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.errors import NotFound
from portal.reach import lookup
from portal.web import current


def lead_on(deed: Deed | None, arguments: dict[str, Any]) -> Response:
    """Redirects to the same page of the kept record, if the actor may open it.

    Raises `NotFound` otherwise, also when the actor may not open it.
    """
    if deed is None or request.method != "GET" or "patient_ref" not in arguments:
        raise NotFound
    context = current.context()
    kept = lookup.kept_instead(context.session, arguments["patient_ref"])
    context.find_patient(deed, kept)
    query = request.args.to_dict()
    return redirect(url_for(request.endpoint or "", **{**query, **arguments, "patient_ref": kept}))
