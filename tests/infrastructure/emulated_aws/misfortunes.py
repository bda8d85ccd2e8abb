"""Trouble in the emulated AWS, when a test wants it: ill instances, dark zones, services that are away.

moto finds every target healthy at once and has room in every zone. A test asks for trouble by its account
(`Account.suffers`), and `Account.recovers` ends all of it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from moto.autoscaling.models import InstanceState
from moto.core.exceptions import ServiceException
from moto.core.responses import BaseResponse
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, ec2_backends
from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup
from moto.ssm.models import SimpleSystemManagerBackend

from tests.infrastructure.emulated_aws._services import Wsgi


@dataclass
class Misfortunes:
    """`ill` releases never get healthy, but for `spared` of their instances. `dark` zones have no power."""

    ill: set[str] = field(default_factory=set)
    spared: int = 0
    dark: set[str] = field(default_factory=set)
    unreachable: set[str] = field(default_factory=set)
    """Zones whose instances start, and do not reach Systems Manager."""
    lacking: set[str] = field(default_factory=set)
    """Services without an endpoint here, by the last part of their name."""
    without: set[str] = field(default_factory=set)
    """Zones that lack an instance type, each as "zone type"."""
    refused: set[str] = field(default_factory=set)
    """Actions that end with an error, as if somebody had pulled the plug there."""
    away: set[str] = field(default_factory=set)
    """Services, by the names that requests are signed with."""

    looks: int = 1
    """So often somebody looks at a refresh until it has ended."""


NOW = Misfortunes()


def suffer(options: dict[str, list[str]]) -> None:
    """Begins with what is named, beside what there is. Nothing named ends all."""
    if not options:
        vars(NOW).update(vars(Misfortunes()))
    for name in ("ill", "dark", "unreachable", "lacking", "without", "refused", "away"):
        getattr(NOW, name).update(options.get(name, ()))
    for name in ("spared", "looks"):
        if name in options:
            setattr(NOW, name, int(options[name][0]))


def is_ill(instance: Any) -> bool:
    """Whether the load balancer gets no answer of an instance."""
    if instance.placement.zone in NOW.dark:
        return True
    release = _release(instance)
    if release not in NOW.ill:
        return False
    group = getattr(instance, "autoscaling_group", None)
    if group is None:
        return False
    of_release = [one for one in group.instance_states if _release(one.instance) == release]
    return instance.id in [one.instance.id for one in of_release[NOW.spared :]]


def _release(instance: Any) -> str:
    return next((str(tag["value"]) for tag in instance.get_tags() if tag["key"] == "Release"), "")


def fill_gaps() -> None:
    _tell_the_load_balancer()
    _tell_the_group()
    _start_nothing_in_the_dark()
    _offer_what_a_zone_has()
    _reach_no_instance_there()
    _refuse_actions()


def _refuse_actions() -> None:
    act = BaseResponse.call_action

    def act_unless_refused(response: BaseResponse) -> Any:
        if f"{response.service_name}:{response._get_action()}" in NOW.refused:
            return 400, {}, "refused by a test"
        return act(response)

    BaseResponse.call_action = act_unless_refused


def _tell_the_load_balancer() -> None:
    judge = FakeTargetGroup.health_for

    def judge_truly(group: FakeTargetGroup, target: dict[str, Any], ec2: Any) -> FakeHealthStatus:
        health = judge(group, target, ec2)
        instance = ec2.get_instance_by_id(target["Id"])
        if health.status == "healthy" and instance is not None and is_ill(instance):
            why = "Target.Timeout", "Request timed out"
            return FakeHealthStatus(
                target["Id"], health.port, health.health_check_port, "unhealthy", *why
            )
        return health

    FakeTargetGroup.health_for = judge_truly


def _tell_the_group() -> None:
    """A group that goes by the load balancer calls the same instances unhealthy."""
    InstanceState.health_status = property(
        lambda state: "Unhealthy" if is_ill(state.instance) else state.said_to_be,
        lambda state, status: setattr(state, "said_to_be", status),
    )


def _start_nothing_in_the_dark() -> None:
    start = EC2Backend.run_instances

    def start_where_there_is_power(backend: EC2Backend, *arguments: Any, **options: Any) -> Any:
        nics = options.get("nics") or []
        named = [options.get("subnet_id"), *(one.get("SubnetId") for one in nics)]
        zones = {backend.get_subnet(subnet).availability_zone for subnet in named if subnet}
        if zones & NOW.dark:
            raise EC2ClientError("InsufficientInstanceCapacity", f"No capacity in {sorted(zones)}.")
        if NOW.without & {f"{zone} {options.get('instance_type')}" for zone in zones}:
            raise EC2ClientError("Unsupported", "Your requested instance type is not supported.")
        return start(backend, *arguments, **options)

    EC2Backend.run_instances = start_where_there_is_power


def _offer_what_a_zone_has() -> None:
    describe = EC2Backend.describe_instance_type_offerings

    def describe_what_is_there(backend: EC2Backend, *arguments: Any) -> list[dict[str, Any]]:
        return [
            one
            for one in describe(backend, *arguments)
            if f"{one['Location']} {one['InstanceType']}" not in NOW.without
        ]

    EC2Backend.describe_instance_type_offerings = describe_what_is_there


def _reach_no_instance_there() -> None:
    """Systems Manager does not know an instance that has not reported to it."""
    send = SimpleSystemManagerBackend.send_command

    def send_to_whom_is_reached(backend: SimpleSystemManagerBackend, **options: Any) -> Any:
        ec2 = ec2_backends[backend.account_id][backend.region_name]
        zones = {ec2.get_instance(one).placement.zone for one in options["instance_ids"]}
        if zones & (NOW.dark | NOW.unreachable):
            raise ServiceException("InvalidInstanceId", "Instances not in a valid state")
        return send(backend, **options)

    SimpleSystemManagerBackend.send_command = send_to_whom_is_reached


def before(aws: Wsgi) -> Wsgi:
    """Puts a closed door before services that are away."""

    def dispatch(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        scope = re.search(r"/([a-z0-9-]+)/aws4_request", environ.get("HTTP_AUTHORIZATION", ""))
        if not scope or scope[1] not in NOW.away:
            return aws(environ, start)
        start("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"away"]

    return dispatch
