"""What moto's instances lack."""

from typing import Any

from moto.ec2.models import EC2Backend


def fill_gaps() -> None:
    _take_interfaces_along()


def _take_interfaces_along() -> None:
    """With an instance AWS removes the network interface that it was started with; moto keeps it."""
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
