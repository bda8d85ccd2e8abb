"""What moto's instances lack."""

from collections import Counter
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

PROFILE_IS_UNKNOWN = 3
"""This many requests fail before EC2 knows a new instance profile. On AWS that takes some seconds."""


def fill_gaps() -> None:
    _take_interfaces_along()
    _learn_of_profiles_slowly()


def _learn_of_profiles_slowly() -> None:
    run = EC2Response.run_instances

    def run_if_the_profile_is_known(response: EC2Response) -> Any:
        profile = response._get_param("IamInstanceProfile.Name")
        asked = vars(response.ec2_backend).setdefault("_asked_for_profiles", Counter())
        asked[profile] += 1
        if profile and asked[profile] <= PROFILE_IS_UNKNOWN:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Value ({profile}) for parameter iamInstanceProfile.name is invalid."
                " Invalid IAM Instance Profile name",
            )
        return run(response)

    EC2Response.run_instances = run_if_the_profile_is_known


def _take_interfaces_along() -> None:
    """AWS removes an instance's first network interface together with it; moto keeps it."""
    terminate = EC2Backend.terminate_instances

    def terminate_with_interfaces(backend: EC2Backend, instance_ids: list[str]) -> Any:
        interfaces = [
            interface.id
            for instance_id in instance_ids
            for interface in backend.get_instance(instance_id).nics.values()
        ]
        ended = terminate(backend, instance_ids)
        for interface in interfaces:
            backend.enis.pop(interface, None)
        return ended

    EC2Backend.terminate_instances = terminate_with_interfaces
