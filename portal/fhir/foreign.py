"""What is wrong with a bundle that is not taken in."""


class ForeignBundle(Exception):
    """A bundle that can't be kept as it is; nothing of it is.

    `entry` tells which entry it is about, such as `entry 12 (Encounter/8d78…)`, or is empty. The
    reason names elements and kinds of fault, never a value that would tell who somebody is.
    """

    def __init__(self, reason: str, entry: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.entry = entry

    def __str__(self) -> str:
        return f"{self.entry}: {self.reason}" if self.entry else self.reason


class PatientNotKnown(ForeignBundle):
    """An encounter's patient is neither in the bundle nor in the portal, so far."""
