"""What moto's machine images lack."""

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import Ami

DEBIAN: dict[str, Any] = {
    "ami_id": "ami-deb12000000000000",
    "name": "debian-12-amd64-20261101-2290",
    "owner_id": "136693071363",
    "public": True,
    "virtualization_type": "hvm",
    "architecture": "x86_64",
    "root_device_type": "ebs",
    "root_device_name": "/dev/xvda",
}


def fill_gaps() -> None:
    _offer_debian()
    _tag_snapshots_of_images()


def _offer_debian() -> None:
    """moto has some images of Amazon, and none of Debian."""
    load = EC2Backend._load_amis

    def load_debian_too(backend: EC2Backend) -> None:
        load(backend)
        backend.amis[DEBIAN["ami_id"]] = Ami(backend, **DEBIAN)

    EC2Backend._load_amis = load_debian_too


def _tag_snapshots_of_images() -> None:
    """moto refuses tags for an image's snapshot, and does not store that its disk is encrypted."""
    create = EC2Backend.create_image

    def create_with_snapshot(
        backend: EC2Backend,
        instance_id: str,
        name: str,
        description: str,
        tag_specifications: list[dict[str, Any]],
    ) -> Ami:
        of_kind = {one["ResourceType"]: one for one in tag_specifications}
        of_snapshot = of_kind.pop("snapshot", {"Tags": []})
        image = create(backend, instance_id, name, description, list(of_kind.values()))
        for tag in of_snapshot["Tags"]:
            image.ebs_snapshot.add_tag(tag["Key"], tag["Value"])
        disks = backend.get_instance(instance_id).block_device_mapping.values()
        image.ebs_snapshot.encrypted = all(
            backend.get_volume(disk.volume_id).encrypted for disk in disks
        )
        return image

    EC2Backend.create_image = create_with_snapshot
