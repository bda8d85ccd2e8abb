"""What moto's CloudTrail lacks."""

from moto.cloudtrail.models import CloudTrailBackend


def fill_gaps() -> None:
    """A trail may be deleted by ARN or by name."""
    delete = CloudTrailBackend.delete_trail

    def by_name_or_arn(backend: CloudTrailBackend, name: str) -> None:
        delete(backend, name.rpartition(":trail/")[2])

    CloudTrailBackend.delete_trail = by_name_or_arn
