"""The lists themselves: written from the database by the worker, read by staff without it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.access import Actor, Deed, Relation, require
from portal.appointments.day_list.queries import lines_of_clinics
from portal.appointments.day_list.statements import Line as DayLine
from portal.context import Context
from portal.downtime.box import Box
from portal.errors import NotFound
from portal.models import Location, Practitioner, PractitionerRole
from portal.models.base import table_of
from portal.vocabulary import Mode
from portal.words import listed_name

FOLDER = "downtime/lists"
INDEX = "downtime/clinics"

PRESENTABLE = timedelta(hours=24)
"""An older list would be about yesterday more than about today."""

_location = table_of(Location)
_practitioner = table_of(Practitioner)
_role = table_of(PractitionerRole)


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment, with what is needed to find and call the patient."""

    starts_at: datetime
    mode: Mode
    practitioner: str
    hospital_number: str
    given: str
    family: str
    birth_date: date
    phone: str | None

    @property
    def listed_name(self) -> str:
        return listed_name(self.given, self.family)


@dataclass(frozen=True, slots=True)
class Clinic:
    """A clinic in the index. `practitioners` are the ids of those who work there."""

    ref: str
    name: str
    practitioners: frozenset[int]


@dataclass(frozen=True, slots=True)
class ClinicList:
    """`days` are today and tomorrow, as they were at `as_of`."""

    name: str
    as_of: datetime
    days: dict[date, list[Line]]


def write(context: Context, box: Box) -> None:
    """Writes the lists of all clinics, then the index, and deletes those of clinics that closed."""
    days = [context.today, context.today + timedelta(days=1)]
    clinics = _clinics(context)
    lines = _lines(context, clinics, days)
    as_of = context.now.isoformat()
    for location_id, clinic in clinics.items():
        on = {day.isoformat(): lines[location_id, day] for day in days}
        value = {"name": clinic["name"], "as_of": as_of, "days": on}
        box.put(f"{FOLDER}/{clinic['ref']}", value)
    box.put(INDEX, {"as_of": as_of, "clinics": list(clinics.values())})
    written = {f"{FOLDER}/{clinic['ref']}" for clinic in clinics.values()}
    for name in set(box.store.names(FOLDER)) - written:
        box.store.discard(name)


def written_at(box: Box) -> datetime:
    """When all lists were last written. Raises as `Box.get` does, `NotFound` when they never were."""
    return datetime.fromisoformat(box.get(INDEX)["as_of"])


def _clinics(context: Context) -> dict[int, dict[str, Any]]:
    """The clinics as the index has them, by id."""
    found = context.session.execute(
        select(_location.c.id, _location.c.ref, _location.c.name)
        .where(_location.c.active)
        .order_by(_location.c.name)
    )
    clinics = {row.id: {"ref": row.ref, "name": row.name, "practitioners": []} for row in found}
    at_work = (
        select(_role.c.location_id, _role.c.practitioner_id)
        .join(_practitioner, _practitioner.c.id == _role.c.practitioner_id)
        .where(_practitioner.c.active)
    )
    for row in context.session.execute(at_work):
        if row.location_id in clinics:
            clinics[row.location_id]["practitioners"].append(row.practitioner_id)
    return clinics


def _lines(
    context: Context, location_ids: Collection[int], days: list[date]
) -> dict[tuple[int, date], list[dict[str, Any]]]:
    """The days' appointments, by clinic and day."""
    hospital = context.hospital
    begins, ends = hospital.day(days[0])[0], hospital.day(days[-1])[1]
    lines = defaultdict(list)
    for line in lines_of_clinics(context, location_ids, begins, ends):
        lines[line.location_id, hospital.today(line.starts_at)].append(_written(line))
    return lines


def _written(found: DayLine) -> dict[str, Any]:
    line = {field.name: getattr(found, field.name) for field in fields(Line)}
    return line | {
        "starts_at": found.starts_at.isoformat(),
        "mode": found.mode.value,
        "birth_date": found.birth_date.isoformat(),
    }


def clinics_of(box: Box, *, by: Actor, now: datetime) -> tuple[datetime, list[Clinic]]:
    """As of when, and the clinics whose lists `by` may read."""
    index = box.get(INDEX)
    as_of = _presentable(index["as_of"], now)
    clinics = [
        Clinic(one["ref"], one["name"], frozenset(one["practitioners"])) for one in index["clinics"]
    ]
    return as_of, [clinic for clinic in clinics if _may_see(by, clinic)]


def clinic_list(box: Box, *, by: Actor, ref: str, now: datetime) -> ClinicList:
    """Raises `NotFound` for a clinic that is not there, and for one that is not theirs."""
    _, clinics = clinics_of(box, by=by, now=now)
    if all(clinic.ref != ref for clinic in clinics):
        raise NotFound
    value = box.get(f"{FOLDER}/{ref}")
    days = {
        date.fromisoformat(day): [_line(one) for one in lines]
        for day, lines in value["days"].items()
    }
    return ClinicList(value["name"], _presentable(value["as_of"], now), days)


def _line(written: dict[str, Any]) -> Line:
    return Line(
        **written
        | {
            "starts_at": datetime.fromisoformat(written["starts_at"]),
            "mode": Mode(written["mode"]),
            "birth_date": date.fromisoformat(written["birth_date"]),
        }
    )


def _presentable(written: str, now: datetime) -> datetime:
    as_of = datetime.fromisoformat(written)
    if now - as_of > PRESENTABLE:
        raise NotFound
    return as_of


def _may_see(by: Actor, clinic: Clinic) -> bool:
    """As in `reach/scope.py` for day lists, but with the data of the index."""
    relations = require(by, Deed.SEE_DOWNTIME_LIST)
    if Relation.ANYONE in relations:
        return True
    return Relation.THEIR_CLINIC in relations and by.practitioner_id in clinic.practitioners
