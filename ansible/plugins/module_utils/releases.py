"""Which release a fleet rolls back to. Pure.

The tags of an image hold the history of its release: `RolledOut` (when it last ran everywhere),
`RolledOutBy` (`deploy` or `rollback`), `TemplateVersion` (of the launch template, exactly as it ran then) and
`TakenBack` (when it was rolled back). Times are ISO 8601 in UTC, so they compare as texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

UNFINISHED = frozenset({"Failed", "Cancelled", "RollbackFailed"})
ENDED = UNFINISHED | {"Successful", "RollbackSuccessful"}

Tags = Mapping[str, str]


class Release(NamedTuple):
    """A release as it ran: a version of the launch template."""

    version: str
    name: str
    image_id: str


class WayBack(NamedTuple):
    """`to` is None when there is no release to go back to; `leaves` is None when none is rolled back."""

    to: Release | None
    leaves: Release | None
    why: str


class Fleet:
    """A group as AWS describes it, its newest refreshes, its template's versions, and its images' tags."""

    def __init__(
        self,
        group: Mapping[str, Any],
        refreshes: list[Mapping[str, Any]],
        versions: list[Mapping[str, Any]],
        images: Mapping[str, Tags],
    ) -> None:
        self.images = images
        self.releases = {
            str(one["VersionNumber"]): Release(
                str(one["VersionNumber"]),
                one.get("VersionDescription", ""),
                one["LaunchTemplateData"].get("ImageId", ""),
            )
            for one in versions
        }
        self.running = self.releases.get(version_of(group))
        in_service = {version_of(one) for one in group.get("Instances", [])}
        self.is_mixed = bool(in_service - {version_of(group)})
        self.latest = refreshes[0] if refreshes else {}

    @property
    def attempted(self) -> Release | None:
        """The version that the latest refresh was for."""
        return self.releases.get(version_of(self.latest.get("DesiredConfiguration", {})))

    @property
    def under_way(self) -> Release | None:
        """The version that a refresh is rolling out now."""
        return self.attempted if self.latest and self.latest["Status"] not in ENDED else None

    def is_good(self, release: Release | None) -> bool:
        """Whether it has run everywhere, and was not rolled back since."""
        tags = self.images.get(release.image_id, {}) if release else {}
        return tags.get("RolledOut", "") > tags.get("TakenBack", "")

    def good_ones(self) -> list[Release]:
        """Newest first, each in the version that ran."""
        good = [
            self.releases[tags["TemplateVersion"]]
            for image_id, tags in self.images.items()
            if tags.get("TemplateVersion") in self.releases
            and self.is_good(self.releases[tags["TemplateVersion"]])
        ]
        return sorted(good, key=lambda one: self.images[one.image_id]["RolledOut"], reverse=True)

    def way_back(self, named: str = "") -> WayBack:
        """To the named release, or else to the last one that ran well."""
        leaves = self._to_be_left()
        if named:
            return self._way_to(named, leaves)
        if leaves is None:
            return WayBack(self.running, None, self._nothing_to_leave())
        if self.is_good(self.running) and leaves != self.running:
            return WayBack(self.running, leaves, f"{leaves.name} has not run everywhere yet.")
        for good in self.good_ones():
            if good.image_id != leaves.image_id:
                return WayBack(good, leaves, f"{good.name} is the last release that ran well.")
        return WayBack(None, leaves, "No other release has run well that still has its image.")

    def _to_be_left(self) -> Release | None:
        if not self.is_good(self.running):
            # For example after an interrupted rollback, whose refresh may still be running.
            left_over = self._is_unfinished() and not self.is_good(self.attempted)
            return self.attempted if left_over else self.running
        if self._is_unfinished():
            return self.attempted
        return None if self._came_back() or self._turned_back() else self.running

    def _is_unfinished(self) -> bool:
        given_up = bool(self.latest) and self.latest["Status"] in UNFINISHED
        return self.under_way is not None or (given_up and self.is_mixed)

    def _came_back(self) -> bool:
        """Whether the current release runs because of a rollback, even an interrupted one."""
        tags = self.images[self.running.image_id] if self.running else {}
        taken_back = max(one.get("TakenBack", "") for one in self.images.values())
        return tags.get("RolledOutBy") == "rollback" or tags.get("RolledOut", "") < taken_back

    def _turned_back(self) -> bool:
        return self.latest.get("Status") == "RollbackSuccessful"

    def _nothing_to_leave(self) -> str:
        name = self.running.name if self.running else ""
        if self._turned_back() and self.attempted:
            return f"{name} runs: AWS has turned the rollout of {self.attempted.name} back already."
        return f"{name} runs: the release after it has been taken back already."

    def _way_to(self, named: str, leaves: Release | None) -> WayBack:
        leaves = leaves or self.running
        known = [one for one in self.good_ones() if one.name == named]
        known += [one for one in reversed(self.releases.values()) if one.name == named]
        to = next((one for one in known if one.image_id in self.images), None)
        if to is None:
            return WayBack(
                None, leaves, f"{named} has never been rolled out, or has no image any more."
            )
        if leaves and leaves.image_id == to.image_id:
            leaves = None
        return WayBack(to, leaves, f"{named} was asked for.")


def version_of(owner: Mapping[str, Any]) -> str:
    """The launch template version of a group, an instance or a configuration."""
    return str(owner.get("LaunchTemplate", {}).get("Version", ""))
