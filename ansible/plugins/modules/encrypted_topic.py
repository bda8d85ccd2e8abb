#!/usr/bin/python
"""A topic whose messages are encrypted."""

from __future__ import annotations

DOCUMENTATION = """
module: encrypted_topic
short_description: An SNS topic, encrypted, with its policy and who gets its messages
description:
  - Subscriptions that the table lacks are ended. AWS forgets by itself what nobody confirms.
author: MediCare Hub (@medicare-hub)
options:
  name:
    description: The topic's name.
    type: str
    required: true
  display_name:
    description: What people see as the sender.
    type: str
    default: ""
  kms_key_arn:
    description: The key of its messages. Required when O(state=present).
    type: str
  policy:
    description: Who may publish. Required when O(state=present).
    type: dict
  subscriptions:
    description: C(protocol) and C(endpoint) of the subscriber.
    type: list
    elements: dict
    default: []
  tags:
    description: Tags of the topic, given when it is made.
    type: dict
    default: {}
  state:
    description: Whether the topic stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Create the topic that wakes somebody
  encrypted_topic:
    name: hub-now
    kms_key_arn: arn:aws:kms:eu-west-2:123456789012:key/0d1e
    policy: "{{ policy }}"
    subscriptions:
      - {protocol: email, endpoint: on-call@hospital.example}
"""

RETURN = """
encrypted_topic:
  description: The topic's attributes as SNS has them, and C(subscriptions).
  type: dict
  returned: always
"""

import json
from typing import Any

from ansible.module_utils.aws_shapes import pages
from ansible.module_utils.hub_resource import Resource, changes, run, tag_list

PENDING = ("PendingConfirmation", "pending confirmation", "Deleted")


class Topic(Resource):
    service = "sns"
    returned_as = "encrypted_topic"

    def find(self) -> dict[str, Any] | None:
        arns = [one["TopicArn"] for one in pages(self.client, "list_topics", "Topics")]
        arn = next((one for one in arns if one.endswith(f":{self.wanted['name']}")), None)
        if arn is None:
            return None
        attributes = self.client.get_topic_attributes(TopicArn=arn)["Attributes"]
        subscriptions = pages(
            self.client, "list_subscriptions_by_topic", "Subscriptions", TopicArn=arn
        )
        return {
            **attributes,
            "Policy": json.loads(attributes["Policy"]),
            "Subscriptions": {_key(one): one["SubscriptionArn"] for one in subscriptions},
        }

    def _attributes(self) -> dict[str, Any]:
        return {
            "DisplayName": self.wanted["display_name"],
            "KmsMasterKeyId": self.wanted["kms_key_arn"],
            "Policy": self.wanted["policy"],
        }

    def create(self) -> None:
        answer = self.client.create_topic(
            Name=self.wanted["name"],
            Attributes={name: _text(value) for name, value in self._attributes().items()},
            Tags=tag_list(self.wanted["tags"]),
        )
        self._subscribe(answer["TopicArn"], {_key(one) for one in self.wanted["subscriptions"]})

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        wanted = {_key(one) for one in self.wanted["subscriptions"]}
        had = found["Subscriptions"]
        ended = {key for key in had.keys() - wanted if had[key] not in PENDING}
        return {
            **changes(found, self._attributes()),
            **({"subscribed": sorted(wanted - had.keys())} if wanted - had.keys() else {}),
            **({"ended": sorted(ended)} if ended else {}),
        }

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        arn = found["TopicArn"]
        for name in differences.keys() & self._attributes().keys():
            self.client.set_topic_attributes(
                TopicArn=arn, AttributeName=name, AttributeValue=_text(differences[name])
            )
        self._subscribe(arn, differences.get("subscribed", []))
        for key in differences.get("ended", []):
            self.client.unsubscribe(SubscriptionArn=found["Subscriptions"][key])

    def _subscribe(self, arn: str, subscriptions: Any) -> None:
        for one in sorted(subscriptions):
            protocol, _, endpoint = one.partition(" ")
            self.client.subscribe(TopicArn=arn, Protocol=protocol, Endpoint=endpoint)

    def delete(self, found: dict[str, Any]) -> None:
        for arn in found["Subscriptions"].values():
            if arn not in PENDING:
                self.client.unsubscribe(SubscriptionArn=arn)
        self.client.delete_topic(TopicArn=found["TopicArn"])


def _key(subscription: dict[str, str]) -> str:
    facts = {name.lower(): value for name, value in subscription.items()}
    return f"{facts['protocol']} {facts['endpoint']}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


if __name__ == "__main__":
    run(
        Topic,
        {
            "name": {"type": "str", "required": True},
            "display_name": {"type": "str", "default": ""},
            "kms_key_arn": {"type": "str"},
            "policy": {"type": "dict"},
            "subscriptions": {"type": "list", "elements": "dict", "default": []},
            "tags": {"type": "dict", "default": {}},
        },
        required_if=[("state", "present", ["kms_key_arn", "policy"])],
    )
