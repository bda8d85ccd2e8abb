"""What the program reads from the metadata service."""

import pytest
import requests

from boot_settings.instance import Instance, this_instance
from tests.image.metadata_service import MetadataService, serving


def _ask(service: MetadataService) -> Instance:
    with serving(service, "127.0.0.1", 0) as server:
        return this_instance(f"http://127.0.0.1:{server.server_port}/latest")


def test_it_knows_where_it_is_and_whose() -> None:
    instance = _ask(MetadataService({"Project": "hub", "Environment": "production"}))
    assert instance.region == "eu-west-2"
    assert instance.zone == "eu-west-2a"
    assert instance.hub_path == "/hub/production"
    assert instance.serves


def test_an_instance_with_another_purpose_does_not_serve() -> None:
    tags = {"Project": "hub", "Environment": "production", "Purpose": "schema"}
    assert not _ask(MetadataService(tags)).serves


def test_an_instance_without_tags_is_told_what_to_do() -> None:
    with pytest.raises(OSError, match=r"has no tag Environment.*launch template"):
        _ask(MetadataService({"Project": "hub"}))


def test_an_unreachable_metadata_service_is_an_oserror() -> None:
    with pytest.raises(OSError, match="refused"):
        this_instance("http://127.0.0.1:1/latest")


def test_no_proxy_is_ever_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert _ask(MetadataService({"Project": "hub", "Environment": "production"}))


def test_a_fault_of_the_service_is_not_taken_for_a_missing_tag() -> None:
    service = MetadataService({"Project": "hub", "Environment": "production"})
    del service.paths["placement/region"]
    with pytest.raises(requests.HTTPError):
        _ask(service)
