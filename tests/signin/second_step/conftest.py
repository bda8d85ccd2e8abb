"""A portal that knows its user pool, and a nurse who has no second step yet."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.plugins.signin import LivePortal, live_portal_over
from tests.signin.second_step.flow import cognito_of


@pytest.fixture(scope="module")
def _hospital(database_url: str) -> Iterator[LivePortal]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "development")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "development")
        with live_portal_over(database_url, knows_its_pool=True) as live:
            yield live


@pytest.fixture
def hospital(_hospital: LivePortal, database: Session) -> LivePortal:
    return _hospital


@pytest.fixture
def nurse(hospital: LivePortal) -> str:
    """The name of a nurse whose account was just made, without a second step."""
    client, pool = cognito_of(hospital)._client, hospital.cognito.pool_id
    email, name = f"{uuid4().hex}@example.org", f"Nora {uuid4().hex[:6]}"
    attributes: Any = [{"Name": "email", "Value": email}, {"Name": "name", "Value": name}]
    client.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes)
    client.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName="nurse")
    return name
