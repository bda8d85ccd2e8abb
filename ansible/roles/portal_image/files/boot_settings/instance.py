"""Facts about this instance from EC2's metadata service (version 2 only)."""

from dataclasses import dataclass

import requests

METADATA = "http://169.254.169.254/latest"
SECONDS = 2


@dataclass(frozen=True)
class Instance:
    """One EC2 instance, with the facts that the portal needs."""

    id: str
    region: str
    zone: str
    hub: str
    """The tag `Project`, with which all names begin."""
    environment: str
    """The tag `Environment`: which hospital it belongs to, such as production."""
    purpose: str
    """The tag `Purpose`; by default `portal`."""

    @property
    def hub_path(self) -> str:
        """The prefix of the names of the environment's parameters and log groups."""
        return f"/{self.hub}/{self.environment}"

    @property
    def serves(self) -> bool:
        """Whether the portal runs here: not on an instance that only prepares the database."""
        return self.purpose == "portal"


def this_instance(address: str | None = None) -> Instance:
    """Reads the metadata service. Raises OSError while it does not answer or lacks a needed tag."""
    address = address or METADATA
    with requests.Session() as service:
        service.trust_env = False  # the address is local to the instance, so no proxy is used
        lifetime = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
        token = service.put(f"{address}/api/token", headers=lifetime, timeout=SECONDS)
        token.raise_for_status()
        service.headers["X-aws-ec2-metadata-token"] = token.text
        data = f"{address}/meta-data"
        return Instance(
            id=_look_up(service, f"{data}/instance-id"),
            region=_look_up(service, f"{data}/placement/region"),
            zone=_look_up(service, f"{data}/placement/availability-zone"),
            hub=_tag(service, data, "Project"),
            environment=_tag(service, data, "Environment"),
            purpose=_tag(service, data, "Purpose", otherwise="portal"),
        )


def _look_up(service: requests.Session, address: str) -> str:
    answer = service.get(address, timeout=SECONDS)
    answer.raise_for_status()
    return answer.text


def _tag(service: requests.Session, data: str, name: str, otherwise: str | None = None) -> str:
    answer = service.get(f"{data}/tags/instance/{name}", timeout=SECONDS)
    if answer.status_code == requests.codes.not_found:
        if otherwise is None:
            raise OSError(
                f"The instance has no tag {name}, or can't see its tags. Tag it, and set"
                " instance_metadata_tags to enabled in its launch template."
            )
        return otherwise
    answer.raise_for_status()
    return answer.text
