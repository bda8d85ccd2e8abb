"""The lists themselves: written from the database by the worker, read by staff without it."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from portal.access import Actor, Deed, Relation, require
from portal.downtime.box import Box
from portal.errors import NotFound
from portal.hospital import Hospital
from portal.models import (
    Appointment,
    AppointmentStatus,
    Location,
    Mode,
    Patient,
    Practitioner,
    PractitionerRole,
)
from portal.models.base import table_of
from portal.models.practitioners import PRACTITIONER_NAME

FOLDER = "downtime/lists"
INDEX = "downtime/clinics"

PRESENTABLE = timedelta(hours=24)
"""An older list would say more about yesterday than about today."""

_appointment = table_of(Appointment)
_location = table_of(Location)
_patient = table_of(Patient)
_practitioner = table_of(Practitioner)
_role = table_of(PractitionerRole)

_MEETINGS: Select[Any] = (
    select(
        _appointment.c.location_id,
        _appointment.c.starts_at,
        _appointment.c.mode,
        PRACTITIONER_NAME,
        _patient.c.hospital_number,
        _patient.c.given,
        _patient.c.family,
        _patient.c.birth_date,
        _patient.c.phone,
    )
    .join(_patient, _patient.c.id == _appointment.c.patient_id)
    .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
    .where(_appointment.c.status != AppointmentStatus.CANCELLED)
    .order_by(_appointment.c.starts_at, _appointment.c.id)
)


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


@dataclass(frozen=True, slots=True)
class Clinic:
    """A clinic in the index. `practitioners` are the ids of those who work there."""

    ref: str
    name: str
    practitioners: frozenset[int]


@dataclass(frozen=True, slots=True)
class ClinicList:
    """`days` are today and tomorrow, as they stood at `as_of`."""

    name: str
    as_of: datetime
    days: dict[date, list[Line]]


def write(session: Session, box: Box, hospital: Hospital, now: datetime) -> None:
    """Writes the lists of all clinics, then the index, and takes away those of clinics that closed."""
    today = hospital.today(now)
    days = [today, today + timedelta(days=1)]
    clinics = _clinics(session)
    lines = _lines(session, hospital, days)
    for location_id, clinic in clinics.items():
        on = {day.isoformat(): lines[location_id, day] for day in days}
        value = {"name": clinic["name"], "as_of": now.isoformat(), "days": on}
        box.put(f"{FOLDER}/{clinic['ref']}", value)
    box.put(INDEX, {"as_of": now.isoformat(), "clinics": list(clinics.values())})
    written = {f"{FOLDER}/{clinic['ref']}" for clinic in clinics.values()}
    for name in set(box.store.names(FOLDER)) - written:
        box.store.discard(name)


def written_at(box: Box) -> datetime:
    """When all lists were last written. Raises as `Box.get` does, `NotFound` when they never were."""
    return datetime.fromisoformat(box.get(INDEX)["as_of"])


def _clinics(session: Session) -> dict[int, dict[str, Any]]:
    found = session.execute(
        select(_location.c.id, _location.c.ref, _location.c.name)
        .where(_location.c.active)
        .order_by(_location.c.name)
    )
    clinics = {row.id: {"ref": row.ref, "name": row.name, "practitioners": []} for row in found}
    for row in session.execute(select(_role.c.location_id, _role.c.practitioner_id)):
        if row.location_id in clinics:
            clinics[row.location_id]["practitioners"].append(row.practitioner_id)
    return clinics


def _lines(
    session: Session, hospital: Hospital, days: list[date]
) -> dict[tuple[int, date], list[dict[str, Any]]]:
    begins, ends = hospital.day(days[0])[0], hospital.day(days[-1])[1]
    within = (_appointment.c.starts_at >= begins, _appointment.c.starts_at < ends)
    lines = defaultdict(list)
    for row in session.execute(_MEETINGS.where(*within)):
        lines[row.location_id, hospital.today(row.starts_at)].append(_written(row))
    return lines


def _written(row: Row[Any]) -> dict[str, Any]:
    line = asdict(Line(*tuple(row)[1:]))
    return line | {
        "starts_at": line["starts_at"].isoformat(),
        "mode": line["mode"].value,
        "birth_date": line["birth_date"].isoformat(),
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
    """As `models/scope.py` has it for day lists, on what the index knows."""
    relations = require(by, Deed.SEE_DOWNTIME_LIST)
    if Relation.ANYONE in relations:
        return True
    return Relation.THEIR_CLINIC in relations and by.practitioner_id in clinic.practitioners
