"""What moto's Route 53 lacks."""

from typing import Any

from moto.route53.models import Route53Backend


def fill_gaps() -> None:
    _forget_what_belongs_to("delete_hosted_zone")
    _forget_what_belongs_to("delete_health_check")


def _forget_what_belongs_to(operation: str) -> None:
    """AWS deletes a zone's or a health check's tags and name servers together with it; moto keeps them."""
    delete = getattr(Route53Backend, operation)

    def delete_all(backend: Route53Backend, identity: str) -> Any:
        zone = backend.zones.get(identity.removeprefix("/hostedzone/"))
        removed = delete(backend, identity)
        backend.resource_tags.pop(identity.rpartition("/")[2], None)
        for key, name_servers in list(backend.delegation_sets.items()):
            if zone and name_servers is zone.delegation_set:
                del backend.delegation_sets[key]
        return removed

    setattr(Route53Backend, operation, delete_all)
