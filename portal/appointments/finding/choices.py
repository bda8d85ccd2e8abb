"""The choices of clinic and practitioner in a filter."""

from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from portal.context import Context
from portal.models import Location, Practitioner, PractitionerRole
from portal.models.base import table_of
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns, rows

_location = table_of(Location)
_practitioner = table_of(Practitioner)
_role = table_of(PractitionerRole)


class Choice(NamedTuple):
    """A clinic or a practitioner."""

    id: int
    ref: str
    name: str


_CLINICS: Select[Any] = (
    select(*columns(Choice, _location)).where(_location.c.active).order_by(_location.c.name)
)
_PRACTITIONERS: Select[Any] = (
    select(*columns(Choice, _practitioner, name=PRACTITIONER_NAME))
    .where(_practitioner.c.active)
    .order_by(_practitioner.c.family, _practitioner.c.given)
)
_PRACTITIONERS_OF_CLINIC: Select[Any] = _PRACTITIONERS.join(
    _role, _role.c.practitioner_id == _practitioner.c.id
).where(_role.c.location_id == bindparam("location_id"))


def clinics(context: Context) -> dict[str, Choice]:
    """The clinics open for booking, by reference, ordered by name."""
    return {row.ref: row for row in rows(context.session, Choice, _CLINICS)}


def practitioners(context: Context, location_id: int | None) -> dict[str, Choice]:
    """The practitioners of one clinic, or all, by reference, ordered by name."""
    found = (
        rows(context.session, Choice, _PRACTITIONERS)
        if location_id is None
        else rows(context.session, Choice, _PRACTITIONERS_OF_CLINIC, {"location_id": location_id})
    )
    return {row.ref: row for row in found}


def names(choices: dict[str, Choice]) -> dict[str, str]:
    """The labels of a list of choices, by reference."""
    return {ref: choice.name for ref, choice in choices.items()}
