"""GuardDuty: what moto lacks."""

from typing import Any

from moto.guardduty.models import Detector


def fill_gaps() -> None:
    _tell_of_buckets_by_the_older_name_too()


def _tell_of_buckets_by_the_older_name_too() -> None:
    """AWS also returns the feature S3_DATA_EVENTS as a data source. moto keeps the two apart."""
    tell = Detector.to_json

    def tell_both(detector: Detector) -> dict[str, Any]:
        told = tell(detector)
        states = {one.get("name"): one.get("status") for one in told["features"] or []}
        if "S3_DATA_EVENTS" in states:
            told["dataSources"]["s3Logs"] = {"status": states["S3_DATA_EVENTS"]}
        return told

    Detector.to_json = tell_both
