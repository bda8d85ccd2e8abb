"""What moto's Systems Manager lacks."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ssm.responses import SimpleSystemManagerResponse

from tests.infrastructure.emulated_aws.misfortunes import NOW


def fill_gaps() -> None:
    SimpleSystemManagerResponse.describe_instance_information = _describe_instance_information


def _describe_instance_information(response: SimpleSystemManagerResponse) -> ActionResult:
    """Every running instance has an agent, which reports unless its zone is cut off."""
    backend = response.ssm_backend
    instances = ec2_backends[backend.account_id][backend.region_name].all_running_instances()
    asked = [named for one in response._get_param("Filters", []) for named in one["Values"]]
    found = [_reported(one) for one in instances if one.id in asked and _reports(one)]
    return ActionResult({"InstanceInformationList": found})


def _reports(instance: Any) -> bool:
    return instance.placement.zone not in NOW.dark | NOW.unreachable


def _reported(instance: Any) -> dict[str, Any]:
    return {"InstanceId": instance.id, "PingStatus": "Online", "ResourceType": "EC2Instance"}
