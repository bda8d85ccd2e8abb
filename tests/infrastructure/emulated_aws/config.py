"""What moto's AWS Config lacks."""

from collections import Counter

from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError
from moto.iam.models import SERVICE_NAME_CONVERSION

ROLE_IS_NEW = 3
"""This many requests fail before AWS Config can use its new role. On AWS that takes up to minutes."""


def fill_gaps() -> None:
    # moto spells the name of AWS Config's service-linked role with a lowercase c.
    SERVICE_NAME_CONVERSION["config"] = "Config"
    _deliver_as_soon_as_the_role_may()


def _deliver_as_soon_as_the_role_may() -> None:
    put = ConfigResponse.put_delivery_channel

    def put_later(response: ConfigResponse) -> str:
        asked = vars(response.config_backend).setdefault("_asked_to_deliver", Counter())
        bucket = response._get_param("DeliveryChannel")["s3BucketName"]
        asked[bucket] += 1
        if asked[bucket] <= ROLE_IS_NEW:
            raise JsonRESTError(
                "InsufficientDeliveryPolicyException", f"Insufficient delivery policy to {bucket}."
            )
        return put(response)

    ConfigResponse.put_delivery_channel = put_later
