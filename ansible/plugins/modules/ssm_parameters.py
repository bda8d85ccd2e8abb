#!/usr/bin/python
"""All parameters below one path of Systems Manager's Parameter Store."""

DOCUMENTATION = r"""
module: ssm_parameters
short_description: Keep exactly these parameters below a path
description:
  - Makes, changes and deletes parameters so that exactly O(values) stand below O(path). Nothing secret
    belongs here; name the secret's ARN instead.
options:
  path: {description: The path, with a slash at its beginning and none at its end., type: str, required: true}
  values:
    description: Texts by their names below the path. AWS keeps no empty ones, so these mean none.
    type: dict
    default: {}
  tags: {description: Tags of what is made., type: dict, default: {}}
  state:
    description: V(absent) deletes all of them.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | Publish the portal's settings
  ssm_parameters:
    path: /medicare-hub/staging/portal
    values: {PORTAL_URL: "https://portal.example.org"}
"""

RETURN = r"""
parameters: {description: What stands below the path., type: dict, returned: always}
"""

from typing import Any

from ansible.module_utils.aws_shapes import pages
from ansible.module_utils.hub_resource import Resource, run, tag_list


class Parameters(Resource):
    service = "ssm"
    returned_as = "parameters"

    def find(self) -> dict[str, Any] | None:
        path = self.wanted["path"]
        listed = pages(
            self.client, "get_parameters_by_path", "Parameters", Path=path, Recursive=True
        )
        return {one["Name"].removeprefix(f"{path}/"): one["Value"] for one in listed} or None

    def create(self) -> None:
        for name, value in self._values().items():
            self.client.put_parameter(
                Name=f"{self.wanted['path']}/{name}",
                Value=value,
                Type="String",
                Tags=tag_list(self.wanted["tags"]),
            )

    def _values(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.wanted["values"].items() if value != ""}

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        wanted = self._values()
        return {
            name: wanted.get(name) for name in found | wanted if found.get(name) != wanted.get(name)
        }

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self._delete([name for name, value in differences.items() if value is None])
        for name, value in differences.items():
            if value is not None:
                self.client.put_parameter(
                    Name=f"{self.wanted['path']}/{name}", Value=value, Type="String", Overwrite=True
                )

    def delete(self, found: dict[str, Any]) -> None:
        self._delete(list(found))

    def _delete(self, names: list[str]) -> None:
        paths = [f"{self.wanted['path']}/{name}" for name in names]
        for first in range(0, len(paths), 10):  # the limit of one call
            self.client.delete_parameters(Names=paths[first : first + 10])


if __name__ == "__main__":
    run(
        Parameters,
        {
            "path": {"type": "str", "required": True},
            "values": {"type": "dict", "default": {}},
            "tags": {"type": "dict", "default": {}},
        },
    )
