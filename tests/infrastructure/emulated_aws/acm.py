"""What moto's certificate manager lacks."""

import math

from moto import settings
from moto.acm.models import CertBundle
from moto.core import DEFAULT_ACCOUNT_ID
from moto.route53.models import route53_backends


def fill_gaps() -> None:
    _issue_what_dns_vouches_for()


def _issue_what_dns_vouches_for() -> None:
    """moto issues a certificate a minute after the request, AWS as soon as its record is in DNS."""
    settings.ACM_VALIDATION_WAIT = math.inf
    check = CertBundle.check

    def check_dns(certificate: CertBundle) -> None:
        check(certificate)
        if certificate.status == "PENDING_VALIDATION" and _is_vouched_for(certificate):
            certificate.status = "ISSUED"

    CertBundle.check = check_dns


def _is_vouched_for(certificate: CertBundle) -> bool:
    standing = [
        (record.name, record.records)
        for zone in route53_backends[DEFAULT_ACCOUNT_ID]["aws"].zones.values()
        for record in zone.rrsets
    ]
    options = certificate.describe()["Certificate"]["DomainValidationOptions"]
    asked = [option["ResourceRecord"] for option in options]
    return all(
        any(name == record["Name"] and record["Value"] in str(values) for name, values in standing)
        for record in asked
    )
