"""Route 53's DNSSEC. moto only answers that no zone is signed."""

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.route53 import urls
from moto.route53.models import Route53Backend
from moto.route53.responses import Route53

KEY = "keysigningkey/(?P<zone_id>[^/]+)/(?P<name>[^/]+)"
PATHS = (
    "hostedzone/(?P<zone_id>[^/]+)/enable-dnssec$",
    "hostedzone/(?P<zone_id>[^/]+)/disable-dnssec$",
    "keysigningkey$",
    f"{KEY}$",
    f"{KEY}/activate$",
    f"{KEY}/deactivate$",
)


def fill_gaps() -> None:
    for path in PATHS:
        urls.url_paths[rf"{{0}}/(?P<api_version>[\d_-]+)/{path}"] = Route53.dispatch
    Route53.get_dnssec = _get_dnssec
    Route53.create_key_signing_key = _create_key
    Route53.activate_key_signing_key = _activate
    Route53.deactivate_key_signing_key = _deactivate
    Route53.delete_key_signing_key = _delete_key
    Route53.enable_hosted_zone_dnssec = _enable
    Route53.disable_hosted_zone_dnssec = _disable
    _forget_with_the_zone()


def _keys(response: Route53) -> dict[str, dict[str, Any]]:
    """The zone's key-signing keys by name. AWS refuses to delete the zone while one exists."""
    zone = response.backend.get_hosted_zone(response._get_param("HostedZoneId"))
    kept: dict[str, dict[str, Any]] = vars(zone).setdefault("key_signing_keys", {})
    return kept


def _zone(response: Route53) -> Any:
    return response.backend.get_hosted_zone(response._get_param("HostedZoneId"))


def _changed(**more: Any) -> ActionResult:
    change = {"Id": "/change/C1PA6795UKMFR9", "Status": "INSYNC", "SubmittedAt": utcnow()}
    return ActionResult({"ChangeInfo": change, **more})


def _refuse(condition: bool, reason: str) -> None:
    """An error in a playbook, which AWS would refuse too. No test expects it."""
    assert not condition, reason


def _get_dnssec(response: Route53) -> ActionResult:
    signs = vars(_zone(response)).get("signs", False)
    status = {"ServeSignature": "SIGNING" if signs else "NOT_SIGNING"}
    return ActionResult({"Status": status, "KeySigningKeys": list(_keys(response).values())})


def _create_key(response: Route53) -> ActionResult:
    """The digest is invented: no name server answers here."""
    name, arn = (response._get_param(one) for one in ("Name", "KeyManagementServiceArn"))
    _refuse(not re.fullmatch(r"[A-Za-z0-9_]{3,128}", name), "InvalidKeySigningKeyName")
    _refuse(":kms:us-east-1:" not in arn, "InvalidKMSArn")
    key = {
        "Name": name,
        "KmsArn": arn,
        "Status": response._get_param("Status"),
        "KeyTag": 24601,
        "DSRecord": f"24601 13 2 {'0D1E' * 16}",
    }
    _keys(response)[name] = key
    return _changed(KeySigningKey=key)


def _activate(response: Route53) -> ActionResult:
    _keys(response)[response._get_param("Name")]["Status"] = "ACTIVE"
    return _changed()


def _deactivate(response: Route53) -> ActionResult:
    _refuse(vars(_zone(response)).get("signs", False), "KeySigningKeyInUse")
    _keys(response)[response._get_param("Name")]["Status"] = "INACTIVE"
    return _changed()


def _delete_key(response: Route53) -> ActionResult:
    key = _keys(response)[response._get_param("Name")]
    _refuse(key["Status"] == "ACTIVE", "InvalidKeySigningKeyStatus")
    del _keys(response)[key["Name"]]
    return _changed()


def _enable(response: Route53) -> ActionResult:
    active = [one for one in _keys(response).values() if one["Status"] == "ACTIVE"]
    _refuse(not active, "KeySigningKeyWithActiveStatusNotFound")
    _zone(response).signs = True
    return _changed()


def _disable(response: Route53) -> ActionResult:
    _zone(response).signs = False
    return _changed()


def _forget_with_the_zone() -> None:
    """AWS refuses to delete a zone that has a key-signing key or is signed."""
    delete = Route53Backend.delete_hosted_zone

    def delete_unsigned(backend: Route53Backend, identity: str) -> Any:
        zone = vars(backend.get_hosted_zone(identity))
        _refuse(bool(zone.get("signs") or zone.get("key_signing_keys")), "HostedZoneNotEmpty")
        return delete(backend, identity)

    Route53Backend.delete_hosted_zone = delete_unsigned
