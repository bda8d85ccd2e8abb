"""The version of the list of failed notices. Pure."""

LARGEST = 10**9


def version_of_list(*, count: int, ids: int, attempts: int) -> int:
    """A checksum of the sums of ids and attempts; changes when a notice is added, removed or retried."""
    return (31 * ids + 7 * attempts + count) % LARGEST
