"""The host names that requests may use. Other names could get into the address of a redirect."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest
from werkzeug.sansio.utils import host_is_trusted

from portal.settings.configuration import Settings

BY_ADDRESS = frozenset({"health.live", "health.ready"})
"""A load balancer requests these by an instance's IP address."""


class UnknownHost(BadRequest):
    """The request's host name is not the portal's."""


def install(app: Flask, settings: Settings) -> None:
    """Call it before other code that handles requests."""

    @app.before_request
    def refuse_other_hosts() -> None:
        # Unknown addresses are checked too, because routing redirects some of them.
        if request.endpoint in BY_ADDRESS:
            return
        if not host_is_trusted(request.host, settings.allowed_hosts):
            raise UnknownHost
