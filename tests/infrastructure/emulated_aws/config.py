"""What moto's AWS Config lacks."""

from collections import Counter

from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError
from moto.iam.models import SERVICE_NAME_CONVERSION

ROLE_IS_NEW = 3
"""So many requests it takes until AWS Config may write as its role. On AWS it takes up to minutes."""


def fill_gaps() -> None:
    # moto writes the name of AWS Config's service-linked role with a small c.
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
