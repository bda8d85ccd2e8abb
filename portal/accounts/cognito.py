"""A client of Amazon Cognito's own API (`cognito-idp`), and what its error codes mean here."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from portal.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

log = logging.getLogger(__name__)

CONFIG = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
)
AWAY = "The sign-in service does not answer at the moment. Please try again in a minute."


def client_for(pool_id: str, endpoint: str | None) -> "CognitoIdentityProviderClient":
    """For one user pool; its id begins with its region. `endpoint` is only for an emulated one."""
    # A session of its own, because boto3's default session must not be used by several threads.
    return Session().client(
        "cognito-idp",
        region_name=pool_id.partition("_")[0],
        endpoint_url=endpoint,
        config=CONFIG,
    )


@contextmanager
def asking(meanings: Mapping[str, Callable[[], Exception]]) -> Iterator[None]:
    """Turns an error of Cognito into the error that `meanings` has for its code, or into `Unavailable`."""
    try:
        yield
    except ClientError as fault:
        code = fault.response["Error"]["Code"]
        meaning = meanings.get(code)
        log.log(
            logging.INFO if meaning else logging.WARNING,
            "Cognito: %s at %s",
            code,
            fault.operation_name,
        )
        raise meaning() if meaning else Unavailable(AWAY) from None
    except BotoCoreError as fault:
        log.warning("Cognito: %s", type(fault).__name__)
        raise Unavailable(AWAY) from None
