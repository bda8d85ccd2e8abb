"""What moto's Auto Scaling lacks."""

from collections import Counter
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse

from tests.infrastructure.emulated_aws.misfortunes import NOW


def fill_gaps() -> None:
    _spread_over_subnets()
    _know_the_version_of_an_instance()
    _take_along_what_belongs_to_a_group()
    _keep_its_policies()


POLICIES = {
    "AvailabilityZoneImpairmentPolicy": "availability_zone_impairment_policy",
    "DefaultInstanceWarmup": "default_instance_warmup",
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
}
"""Settings of a group that moto does not store, and the attribute in which it looks for each."""


def _keep_its_policies() -> None:
    update = AutoScalingResponse.update_auto_scaling_group

    def update_all(response: AutoScalingResponse) -> Any:
        answer = update(response)
        name = response._get_param("AutoScalingGroupName")
        group = response.autoscaling_backend.autoscaling_groups[name]
        for asked, kept in POLICIES.items():
            if (value := response._get_param(asked)) is not None:
                setattr(group, kept, value)
        return answer

    AutoScalingResponse.update_auto_scaling_group = update_all


def _spread_over_subnets() -> None:
    """moto launches all instances in the first subnet, AWS in the one with the fewest instances."""
    launch = FakeAutoScalingGroup.replace_autoscaling_group_instances

    def launch_spread(group: FakeAutoScalingGroup, count: int, tags: dict[str, str]) -> None:
        all_subnets = group.vpc_zone_identifier
        if not all_subnets:
            return launch(group, count, tags)
        for _ in range(count):
            used = Counter(state.instance.subnet_id for state in group.instance_states)
            subnets = [one for one in all_subnets.split(",") if not _is_dark(group, one)]
            group.vpc_zone_identifier = min(subnets, key=lambda subnet: used[subnet])
            launch(group, 1, tags)
            group.instance_states[-1].launched_from = str(group.launch_template_version)
        group.vpc_zone_identifier = all_subnets
        return None

    FakeAutoScalingGroup.replace_autoscaling_group_instances = launch_spread


def _is_dark(group: FakeAutoScalingGroup, subnet: str) -> bool:
    return group.ec2_backend.get_subnet(subnet).availability_zone in NOW.dark


def _know_the_version_of_an_instance() -> None:
    """moto answers with the template's default version, AWS with the version that was launched."""
    template = InstanceState.launch_template.fget

    def with_version(state: InstanceState) -> dict[str, Any] | None:
        found = template(state)
        return found and {**found, "Version": getattr(state, "launched_from", found["Version"])}

    InstanceState.launch_template = property(with_version)


def _take_along_what_belongs_to_a_group() -> None:
    """AWS removes a group's policies, hooks and scheduled actions together with it; moto does not."""
    delete = AutoScalingBackend.delete_auto_scaling_group

    def delete_all(backend: AutoScalingBackend, name: str) -> None:
        delete(backend, name)
        for kept in (backend.policies, backend.lifecycle_hooks, backend.scheduled_actions):
            for key, thing in list(kept.items()):
                if name in (
                    getattr(thing, "as_name", None),
                    getattr(thing, "auto_scaling_group_name", None),
                ):
                    del kept[key]

    AutoScalingBackend.delete_auto_scaling_group = delete_all
