"""CloudFront: what moto lacks."""

from typing import Any

from moto.cloudfront.models import Origin


def fill_gaps() -> None:
    _keep_how_an_origin_is_accessed()


def _keep_how_an_origin_is_accessed() -> None:
    """moto forgets an origin's access control and its S3OriginConfig, and answers with neither."""
    make = Origin.__init__

    def make_with_access(origin: Origin, config: dict[str, Any]) -> None:
        make(origin, config)
        origin.origin_access_control_id = config.get("OriginAccessControlId", "")
        if "S3OriginConfig" in config:
            origin.s3_origin_config = config["S3OriginConfig"]

    Origin.__init__ = make_with_access
