"""Organizations and locations of a bundle into Location rows. The first import of one counts."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import insert, select

from portal.context import Context
from portal.fhir.facts import BundleFacts, PlaceFacts
from portal.fhir.foreign import ForeignBundle
from portal.fhir.reading.places import NAME_LENGTH
from portal.fhir.storing.known import bearers
from portal.fhir.storing.outcome import Change, Kind, Outcome
from portal.models import Location, LocationIdentifier
from portal.models.base import table_of

COLUMNS = select(
    LocationIdentifier.system, LocationIdentifier.value, LocationIdentifier.location_id
)
_INSERT_IDENTIFIER = insert(table_of(LocationIdentifier))
_BY_NAME = select(Location.id, Location.address)


def store_places(context: Context, facts: BundleFacts, outcome: Outcome) -> dict[str, int]:
    """The ids of the bundle's places by key. New ones take no appointments here yet."""
    asked = [identifier for place in facts.places.values() for identifier in place.identifiers]
    known = {
        identifier: bearer.id
        for identifier, bearer in bearers(
            context.session, LocationIdentifier, COLUMNS, asked
        ).items()
    }
    ids = {}
    for key, place in facts.places.items():
        holders = {known[identifier] for identifier in place.identifiers if identifier in known}
        if len(holders) > 1:
            raise ForeignBundle("its identifiers belong to two places", place.entry)
        found, is_new = (holders.pop(), False) if holders else _same_or_new(context, place)
        outcome.count(Kind.PLACE, Change.ADDED if is_new else Change.UNCHANGED)
        for identifier in place.identifiers:
            if identifier not in known:
                known[identifier] = found
                context.session.execute(
                    _INSERT_IDENTIFIER,
                    {"system": identifier.system, "value": identifier.value, "location_id": found},
                )
        ids[key] = found
    return ids


def _same_or_new(context: Context, place: PlaceFacts) -> tuple[int, bool]:
    """An Organization and its Location have the same name and address, so they are one place.

    Another place of the same name gets its town, or a number, after it.
    """
    for name in _names(place):
        there = context.session.execute(_BY_NAME.where(Location.name == name)).one_or_none()
        if there is None:
            return _add(context, place, name), True
        if there.address == place.address:
            return there.id, False
    raise AssertionError  # _names never ends


def _names(place: PlaceFacts) -> Iterator[str]:
    yield place.name
    with_city = f"{place.name}, {place.city}" if place.city else place.name
    if with_city != place.name and len(with_city) <= NAME_LENGTH:
        yield with_city
    for number in count(2):
        suffix = f" ({number})"
        yield f"{place.name[: NAME_LENGTH - len(suffix)]}{suffix}"


def _add(context: Context, place: PlaceFacts, name: str) -> int:
    row = Location(name=name, phone=place.phone, address=place.address, active=False)
    context.session.add(row)
    context.session.flush()
    return row.id
