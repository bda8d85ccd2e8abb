"""SES's domain identities: what moto lacks."""

import json
from hashlib import sha256
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.route53.models import route53_backends
from moto.ses.models import EmailIdentity
from moto.sesv2 import urls
from moto.sesv2.responses import SESV2Response

MAIL_FROM = "{0}/v2/email/identities/(?P<EmailIdentity>[^/]+)/mail-from$"


def fill_gaps() -> None:
    urls.url_paths[MAIL_FROM] = SESV2Response.dispatch
    SESV2Response.put_email_identity_mail_from_attributes = _put_mail_from
    _verify_what_dns_vouches_for()


def _put_mail_from(response: SESV2Response) -> str:
    name = response.path.split("/identities/")[1].split("/")[0]
    identity = response.sesv2_backend.get_email_identity(name)
    identity.mail_from = json.loads(response.body)
    return json.dumps({})


def _verify_what_dns_vouches_for() -> None:
    """moto verifies no domain, and returns no tokens."""
    described = EmailIdentity.get_response_object.fget

    def described_truly(identity: EmailIdentity) -> dict[str, Any]:
        tokens = [
            sha256(f"{identity.email_identity}{n}".encode()).hexdigest()[:32] for n in range(3)
        ]
        wanted = {f"{token}._domainkey.{identity.email_identity}." for token in tokens}
        good = wanted <= _names()
        dkim = {**identity.dkim_attributes, "Tokens": tokens}
        return {
            **described(identity),
            "DkimAttributes": dkim | {"Status": "SUCCESS" if good else "PENDING"},
            "MailFromAttributes": getattr(identity, "mail_from", {}),
            "VerifiedForSendingStatus": good,
        }

    EmailIdentity.get_response_object = property(described_truly)


def _names() -> set[str]:
    zones = route53_backends[DEFAULT_ACCOUNT_ID]["aws"].zones.values()
    return {record.name for zone in zones for record in zone.rrsets}
