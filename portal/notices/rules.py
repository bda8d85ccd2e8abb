"""What tells one list of failed notices from another. Pure."""

LARGEST = 10**9


def version_of_list(*, count: int, ids: int, attempts: int) -> int:
    """From the sums of their ids and attempts: another one once a notice comes, goes or was tried again."""
    return (31 * ids + 7 * attempts + count) % LARGEST
