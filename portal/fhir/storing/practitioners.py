"""Practitioners of a bundle into rows. The first import counts; names are not overwritten."""

from collections.abc import Mapping

from sqlalchemy import insert, select

from portal.context import Context
from portal.fhir.facts import BundleFacts, Identifier, PractitionerFacts
from portal.fhir.foreign import ForeignBundle
from portal.fhir.storing.known import Bearer, bearers
from portal.fhir.storing.outcome import Change, Kind, Outcome
from portal.models import Practitioner, PractitionerIdentifier
from portal.models.base import table_of

COLUMNS = select(
    PractitionerIdentifier.system,
    PractitionerIdentifier.value,
    Practitioner.id,
    Practitioner.family,
    Practitioner.given,
).join_from(PractitionerIdentifier, Practitioner)
_INSERT_IDENTIFIER = insert(table_of(PractitionerIdentifier))


def store_practitioners(context: Context, facts: BundleFacts, outcome: Outcome) -> dict[str, int]:
    """The ids of the bundle's practitioners by key. New ones are not active here yet."""
    asked = [identifier for one in facts.practitioners.values() for identifier in one.identifiers]
    known = bearers(context.session, PractitionerIdentifier, COLUMNS, asked)
    ids = {}
    for key, practitioner in facts.practitioners.items():
        found = _same(practitioner, known)
        outcome.count(Kind.PRACTITIONER, Change.UNCHANGED if found else Change.ADDED)
        bearer = found or _add(context, practitioner)
        free = [identifier for identifier in practitioner.identifiers if identifier not in known]
        _give(context, bearer, free)
        known.update(dict.fromkeys(free, bearer))
        ids[key] = bearer.id
    return ids


def _same(practitioner: PractitionerFacts, known: Mapping[Identifier, Bearer]) -> Bearer | None:
    """The known practitioner. Raises `ForeignBundle` when there are several."""
    holders = {known[identifier] for identifier in practitioner.identifiers if identifier in known}
    same = {
        bearer
        for bearer in holders
        if bearer.may_be(family=practitioner.family, given=practitioner.given)
    }
    if len(same) > 1:
        raise ForeignBundle("its identifiers belong to two practitioners", practitioner.entry)
    if not same and holders and all(one in known for one in practitioner.identifiers):
        raise ForeignBundle(
            "its identifiers belong to a practitioner of another name", practitioner.entry
        )
    return same.pop() if same else None


def _add(context: Context, practitioner: PractitionerFacts) -> Bearer:
    row = Practitioner(
        prefix=practitioner.prefix,
        given=practitioner.given,
        family=practitioner.family,
        active=False,
    )
    context.session.add(row)
    context.session.flush()
    return Bearer(row.id, row.family, row.given)


def _give(context: Context, bearer: Bearer, identifiers: list[Identifier]) -> None:
    if identifiers:
        context.session.execute(
            _INSERT_IDENTIFIER,
            [
                {"system": one.system, "value": one.value, "practitioner_id": bearer.id}
                for one in identifiers
            ],
        )
