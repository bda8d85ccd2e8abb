"""Addresses of a patient's record, and text that must be shown as it was typed."""

from collections.abc import Callable

from flask.testing import FlaskClient

from portal.models import Account
from tests.builders.ward import Ward

Browse = Callable[[Account], FlaskClient]


SCRIPT = "<img src=x onerror=alert(1)>\nSecond line"


def record_of(ward: Ward, rest: str = "") -> str:
    return f"/patients/{ward.patient.ref}/record{rest}"
