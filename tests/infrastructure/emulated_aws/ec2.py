"""What moto's EC2 lacks."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from tests.infrastructure.emulated_aws.misfortunes import NOW


def fill_gaps() -> None:
    _switch("image", "ImageBlockPublicAccessState")
    _switch("snapshot", "State")
    EC2Response.modify_instance_metadata_defaults = _modify_metadata_defaults
    EC2Response.get_instance_metadata_defaults = _get_metadata_defaults
    _heed_tags_of_nat_gateways()
    _offer_endpoints_of_the_region_alone()
    _take_along("delete_nat_gateway", _interface_of_nat_gateway)
    _take_along("delete_vpc", _access_lists_of_vpc)


def _states(response: EC2Response) -> dict[str, str]:
    """The account's active protections. moto only has encryption by default."""
    return vars(response.ec2_backend).setdefault("protections", {})


def _switch(name: str, key: str) -> None:
    """Whether images or snapshots may be made public: returned as it was set."""

    def enable(response: EC2Response) -> ActionResult:
        _states(response)[name] = response._get_param(key)
        return ActionResult({key: _states(response)[name]})

    def disable(response: EC2Response) -> ActionResult:
        _states(response).pop(name, None)
        return ActionResult({key: "unblocked"})

    def get(response: EC2Response) -> ActionResult:
        return ActionResult({key: _states(response).get(name, "unblocked")})

    setattr(EC2Response, f"enable_{name}_block_public_access", enable)
    setattr(EC2Response, f"disable_{name}_block_public_access", disable)
    setattr(EC2Response, f"get_{name}_block_public_access_state", get)


def _modify_metadata_defaults(response: EC2Response) -> ActionResult:
    _states(response)["metadata"] = response._get_param("HttpTokens")
    if _states(response)["metadata"] == "no-preference":
        del _states(response)["metadata"]
    return ActionResult({"Return": True})


def _get_metadata_defaults(response: EC2Response) -> ActionResult:
    tokens = _states(response).get("metadata")
    return ActionResult({"AccountLevel": {"HttpTokens": tokens} if tokens else {}})


def _heed_tags_of_nat_gateways() -> None:
    """moto ignores filters by tag, and would return any gateway."""
    describe = EC2Backend.describe_nat_gateways

    def heeding(backend: EC2Backend, filters: Any, ids: list[str] | None) -> list[Any]:
        tags = {name: values for name, values in (filters or {}).items() if name.startswith("tag:")}
        return [
            gateway
            for gateway in describe(backend, filters, ids)
            if all(gateway.get_filter_value(name) in values for name, values in tags.items())
        ]

    EC2Backend.describe_nat_gateways = heeding


def _offer_endpoints_of_the_region_alone() -> None:
    """moto accepts any service name for an endpoint."""
    offered = EC2Backend._collect_default_endpoint_services
    create = EC2Backend.create_vpc_endpoint

    def offered_here(*arguments: Any) -> list[dict[str, Any]]:
        return [
            one
            for one in offered(*arguments)
            if one["ServiceName"].rpartition(".")[2] not in NOW.lacking
        ]

    def create_what_is_offered(backend: EC2Backend, **options: Any) -> Any:
        name = options["service_name"]
        if name.rpartition(".")[2] in NOW.lacking:
            raise EC2ClientError(
                "InvalidServiceName", f"The endpoint service '{name}' does not exist"
            )
        return create(backend, **options)

    EC2Backend._collect_default_endpoint_services = staticmethod(offered_here)
    EC2Backend.create_vpc_endpoint = create_what_is_offered


def _take_along(operation: str, remove_rest: Any) -> None:
    """When a thing is removed, AWS removes what it made for it. moto leaves some of that."""
    without_rest = getattr(EC2Backend, operation)

    def with_rest(backend: EC2Backend, *arguments: Any, **options: Any) -> Any:
        removed = without_rest(backend, *arguments, **options)
        remove_rest(backend, removed)
        return removed

    setattr(EC2Backend, operation, with_rest)


def _interface_of_nat_gateway(backend: EC2Backend, gateway: Any) -> None:
    backend.enis.pop(gateway._eni.id, None)


def _access_lists_of_vpc(backend: EC2Backend, vpc: Any) -> None:
    for access_list in list(backend.network_acls.values()):
        if access_list.vpc_id == vpc.id:
            del backend.network_acls[access_list.id]
