"""The names by which the portal may be asked. Any other could get into the address of a redirect."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest
from werkzeug.sansio.utils import host_is_trusted

from portal.settings.configuration import Settings

BY_ADDRESS = frozenset({"health.live", "health.ready"})
"""A load balancer asks these by an instance's address."""


class UnknownHost(BadRequest):
    """The request names a host that is not the portal's."""


def install(app: Flask, settings: Settings) -> None:
    """Called before everything else that looks at a request."""

    @app.before_request
    def refuse_other_hosts() -> None:
        # Also for an address that no route knows, because routing itself redirects some of those.
        if request.endpoint in BY_ADDRESS:
            return
        if not host_is_trusted(request.host, settings.allowed_hosts):
            raise UnknownHost
