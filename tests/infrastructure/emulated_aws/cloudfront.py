"""CloudFront: what moto lacks."""

from typing import Any

from moto.cloudfront.models import Origin, ViewerCertificate


def fill_gaps() -> None:
    _keep_how_an_origin_is_accessed()
    _show_a_certificate_of_ones_own()


def _keep_how_an_origin_is_accessed() -> None:
    """moto does not store or return an origin's access control and its S3OriginConfig."""
    make = Origin.__init__

    def make_with_access(origin: Origin, config: dict[str, Any]) -> None:
        make(origin, config)
        origin.origin_access_control_id = config.get("OriginAccessControlId", "")
        if "S3OriginConfig" in config:
            origin.s3_origin_config = config["S3OriginConfig"]

    Origin.__init__ = make_with_access


def _show_a_certificate_of_ones_own() -> None:
    """moto reports CloudFront's default certificate in addition to the requested one."""
    make = ViewerCertificate.__init__

    def make_with_source(certificate: ViewerCertificate, config: dict[str, Any]) -> None:
        make(certificate, config)
        if certificate.acm_certificate_arn:
            certificate.cloud_front_default_certificate = False
            certificate.certificate = certificate.acm_certificate_arn
            certificate.certificate_source = "acm"

    ViewerCertificate.__init__ = make_with_source
