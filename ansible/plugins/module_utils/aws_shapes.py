"""Shared by the project's AWS modules: compares AWS's answer with what is wanted."""

from typing import Any


def covers(found: Any, wanted: Any) -> bool:
    """Whether AWS's answer already contains all that is wanted.

    AWS adds keys that nobody asked for, so only wanted keys are compared. AWS treats lists of plain
    values as sets; lists of objects keep their order.
    """
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            covers(found.get(key), value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and _covers_list(found, wanted)
    return found == wanted


def _covers_list(found: list[Any], wanted: list[Any]) -> bool:
    if len(found) != len(wanted):
        return False
    if any(isinstance(value, dict | list) for value in wanted):
        return all(covers(one, other) for one, other in zip(found, wanted, strict=True))
    return sorted(map(str, found)) == sorted(map(str, wanted))


def uncovered(found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The items of `wanted` that AWS's answer does not contain."""
    return {name: value for name, value in wanted.items() if not covers(found.get(name), value)}


def merged(found: Any, wanted: Any) -> Any:
    """`found` updated with `wanted`, for operations that only accept the complete thing.

    Objects in lists are matched by `Id`; other lists are replaced.
    """
    if isinstance(found, dict) and isinstance(wanted, dict):
        return {**found, **{name: merged(found.get(name), one) for name, one in wanted.items()}}
    if isinstance(wanted, list):
        standing = {one["Id"]: one for one in found or [] if isinstance(one, dict) and "Id" in one}
        return [
            merged(standing.get(one.get("Id")), one) if isinstance(one, dict) else one
            for one in wanted
        ]
    return wanted


def pages(client: Any, operation: str, key: str, **parameters: Any) -> list[Any]:
    """All items under `key` from all pages of an operation."""
    paginator = client.get_paginator(operation)
    return [item for page in paginator.paginate(**parameters) for item in page.get(key, [])]
