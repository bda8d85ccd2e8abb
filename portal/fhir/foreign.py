"""The errors of a bundle that is not imported."""


class ForeignBundle(Exception):
    """A bundle that can't be imported; nothing of it is stored.

    `entry` says which entry it is about, such as `entry 12 (Encounter/8d78…)`, or is empty. The
    reason names elements and kinds of faults, but never a value that identifies a person.
    """

    def __init__(self, reason: str, entry: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.entry = entry

    def __str__(self) -> str:
        return f"{self.entry}: {self.reason}" if self.entry else self.reason


class PatientNotKnown(ForeignBundle):
    """An encounter's patient is neither in the bundle nor in the portal, so far."""
