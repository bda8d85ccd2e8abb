"""Fixtures: an emulated AWS that boto3 in this process finds by itself."""

from collections.abc import Iterator

import pytest

from tests.emulated_aws import EmulatedAws, emulated_aws


@pytest.fixture(scope="session")
def running_aws() -> Iterator[EmulatedAws]:
    with emulated_aws() as aws:
        yield aws


@pytest.fixture
def aws(running_aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch) -> EmulatedAws:
    """An empty one."""
    running_aws.reset()
    for name, value in running_aws.environment.items():
        monkeypatch.setenv(name, value)
    return running_aws
