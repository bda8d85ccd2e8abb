#!/usr/bin/python
"""IAM Access Analyzer."""

from __future__ import annotations

DOCUMENTATION = """
module: access_analyzer
short_description: Find what is open to other accounts
description:
  - Makes or removes the account's access analyzer in a region. AWS allows one of a type.
author: MediCare Hub (@medicare-hub)
options:
  name:
    description: The analyzer's name.
    type: str
    required: true
  tags:
    description: Tags of a new analyzer.
    type: dict
    default: {}
  state:
    description: Whether the analyzer stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Look for what is open to other accounts
  access_analyzer:
    name: hub
"""

RETURN = """
access_analyzer:
  description: The analyzer as AWS describes it, empty when there is none.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.hub_resource import Resource, run


class AccessAnalyzer(Resource):
    service = "accessanalyzer"
    returned_as = "access_analyzer"

    def find(self) -> dict[str, Any] | None:
        analyzers = self.client.list_analyzers(type="ACCOUNT")["analyzers"]
        return next((one for one in analyzers if one["name"] == self.wanted["name"]), None)

    def create(self) -> None:
        self.client.create_analyzer(
            analyzerName=self.wanted["name"], type="ACCOUNT", tags=self.wanted["tags"]
        )

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_analyzer(analyzerName=found["name"])


if __name__ == "__main__":
    run(
        AccessAnalyzer,
        {"name": {"type": "str", "required": True}, "tags": {"type": "dict", "default": {}}},
    )
