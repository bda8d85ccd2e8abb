"""What moto's AWS Config lacks."""

from moto.iam.models import SERVICE_NAME_CONVERSION


def fill_gaps() -> None:
    # moto writes the name of AWS Config's service-linked role with a small c.
    SERVICE_NAME_CONVERSION["config"] = "Config"
