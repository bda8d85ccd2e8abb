"""The web application firewall: what moto lacks."""

import json

from moto.core.common_types import TYPE_RESPONSE
from moto.wafv2.responses import WAFV2Response


def fill_gaps() -> None:
    WAFV2Response.list_resources_for_web_acl = _list_resources_for_web_acl


def _list_resources_for_web_acl(response: WAFV2Response) -> TYPE_RESPONSE:
    """moto stores what an ACL protects, but lacks this operation to list it."""
    web_acl = response.wafv2_backend.wacls[json.loads(response.body)["WebACLArn"]]
    return 200, {}, json.dumps({"ResourceArns": web_acl.associated_resources})
