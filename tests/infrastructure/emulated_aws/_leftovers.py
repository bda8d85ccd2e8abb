"""What AWS itself keeps for a while after it was removed, so that it does not count as standing."""

from typing import Any


def is_a_leftover(service: str, thing: Any) -> bool:
    """Whether `thing` is only the memory of something removed."""
    state = getattr(thing, "_state", None)
    if getattr(state, "name", "") == "terminated":
        return True  # EC2 shows an instance for about an hour after its end
    return service == "kms" and getattr(thing, "key_state", "") == "PendingDeletion"
