"""What does not count as an existing resource: records of removed ones that AWS or moto keep."""

from typing import Any

# EC2 shows terminated and deleted things for about an hour; a key can be restored for some days.
ENDED = {"deleted", "terminated", "PendingDeletion"}

# moto keeps tags and names of removed things, and RDS remembers what happened to them.
MEMORIES = {
    ("ec2", "deleted_amis"),
    ("ec2", "launch_template_insert_order"),
    ("ec2", "tags"),
    ("rds", "events"),
}


def is_a_leftover(service: str, collection: str, thing: Any) -> bool:
    """Whether `thing`, in one of moto's collections, is only a record of something removed."""
    if (service, collection) in MEMORIES or getattr(thing, "deletion_date", None):
        return True
    if getattr(thing, "deleted_date", None):
        return True  # a secret that can be restored for some days
    if instances := getattr(thing, "instances", None):
        return all(not ENDED.isdisjoint(_states(one)) for one in instances)  # an EC2 reservation
    return not ENDED.isdisjoint(_states(thing))


def _states(thing: Any) -> set[str]:
    state = getattr(thing, "state", None)
    names = (state, getattr(state, "name", None), getattr(thing, "key_state", None))
    instance = getattr(thing, "_state", None)
    return {str(name) for name in (*names, getattr(instance, "name", None)) if name}
