"""Shared by the modules of this project: brings one AWS resource to a wanted state.

A module subclasses Resource and ends with `run(ItsResource, argument_spec)`. It is idempotent because
`differences` compares the existing resource with the wanted one, and supports check mode because only
`create`, `update` and `delete` change anything.
"""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

try:
    import botocore
except ImportError:
    botocore = None  # type: ignore[assignment]  # AnsibleAWSModule says so kindly


class Resource:
    """One AWS resource. `service` names boto3's client, `returned_as` the key in the module's result."""

    service = ""
    returned_as = ""

    def __init__(self, module: AnsibleAWSModule) -> None:
        self.module = module
        self.wanted: dict[str, Any] = module.params
        self.client = module.client(self.service, retry_decorator=AWSRetry.jittered_backoff())

    def find(self) -> dict[str, Any] | None:
        """The existing resource, or None."""
        raise NotImplementedError

    def create(self) -> None:
        raise NotImplementedError

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        """The differences between `found` and the wanted state by readable names; may be empty."""
        return {}

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        raise NotImplementedError

    def delete(self, found: dict[str, Any]) -> None:
        raise NotImplementedError


def run(kind: type[Resource], argument_spec: dict[str, Any], **options: Any) -> None:
    """Brings the module's resource to its wanted state and ends the module.

    `state` (present, absent) is added to `argument_spec`; `options` are those of AnsibleAWSModule.
    """
    state = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}
    module = AnsibleAWSModule(
        argument_spec=argument_spec | state, supports_check_mode=True, **options
    )
    resource = kind(module)
    try:
        changed, differences = _bring(resource)
        found = resource.find() or {}
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as failure:
        module.fail_json_aws(failure, msg=f"Could not bring {kind.returned_as} to its state")
    module.exit_json(
        changed=changed,
        differences=differences,
        **{kind.returned_as: camel_dict_to_snake_dict(found, ignore_list=["Tags", "tags"])},
    )


def _bring(resource: Resource) -> tuple[bool, dict[str, Any]]:
    found = resource.find()
    checking = resource.module.check_mode
    if resource.wanted["state"] == "absent":
        if found and not checking:
            resource.delete(found)
        return bool(found), {}
    if found is None:
        if not checking:
            resource.create()
        return True, {}
    differences = resource.differences(found)
    if differences and not checking:
        resource.update(found, differences)
    return bool(differences), differences


def changes(found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The items of `wanted` that differ in `found` or are missing there. None means: leave it as it is."""
    return {
        name: value
        for name, value in wanted.items()
        if value is not None and found.get(name) != value
    }


def tag_specification(kind: str, tags: dict[str, str]) -> list[dict[str, Any]]:
    """The argument to tag what EC2 creates."""
    return [{"ResourceType": kind, "Tags": tag_list(tags)}] if tags else []


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": str(value)} for name, value in sorted(tags.items())]
