"""The clinic's day and the free slots, written directly with the database driver."""

from collections import Counter
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask import abort, g, render_template, request

from portal.access import Deed, may
from portal.appointments.attendance.rules import STEP_DEEDS
from portal.appointments.day_list.forms import DayForm
from portal.appointments.day_list.queries import DayList
from portal.appointments.day_list.statements import Line
from portal.appointments.finding.forms import FindForm
from portal.appointments.finding.queries import Day, Found
from portal.appointments.finding.statements import A_FEW, DAYS, FoundSlot
from portal.reach.lookup import Subject
from portal.vocabulary import AppointmentStatus, EncounterStatus, Mode, Phase, SlotStatus
from portal.web import current
from tests.bench.raw_pages.connection import (
    actor,
    aware,
    connection,
    naive,
    one,
    remember,
    rows,
    today,
)

_NAME = "TRIM(CONCAT(d.prefix, ' ', d.given, ' ', d.family))"


def day_list(location_ref: str) -> str:
    clinic_id, ref, name = one(
        "SELECT l.id, l.ref, l.name FROM location l JOIN practitioner_role r"
        " ON r.location_id = l.id WHERE l.ref = %s AND r.practitioner_id = %s",
        location_ref,
        actor().practitioner_id,
    )
    form = DayForm(request.args)
    form.practitioner.choices = {"": "All doctors and nurses"} | _practitioners(clinic_id)
    form.validate()
    shown = today()
    lines = [_line(row) for row in _day(clinic_id, shown)]
    remember(Deed.SEE_DAY_LIST, f"Location/{ref}", day=shown.isoformat(), practitioner=None)
    connection().commit()
    counted = Counter(line.phase for line in lines)
    allowed = frozenset(step for step, deed in STEP_DEEDS.items() if may(actor(), deed))
    totals = {phase: counted[phase] for phase in Phase if counted[phase]}
    days = {"before": shown - timedelta(days=1), "after": shown + timedelta(days=1)}
    return render_template(
        "appointments/day_list/day.html",
        clinic=SimpleNamespace(id=clinic_id, ref=ref, name=name),
        practitioner=None,
        shown=shown,
        days=days,
        start=None,
        found=DayList(
            lines, totals, links=True, opens_record=True, unsigned=0, allowed=allowed, now=g.now
        ),
        now=g.now,
        form=form,
        errors=[],
    )


def _practitioners(clinic_id: int) -> dict[str, str]:
    return dict(
        rows(
            "SELECT p.ref, TRIM(CONCAT(p.prefix, ' ', p.given, ' ', p.family)) FROM practitioner p"
            " JOIN practitioner_role r ON r.practitioner_id = p.id"
            " WHERE p.active AND r.location_id = %s ORDER BY p.family, p.given",
            clinic_id,
        )
    )


def _day(clinic_id: int, day: date) -> Any:
    return rows(
        "SELECT a.ref, a.location_id, a.starts_at, a.status, a.version, a.mode, a.overbook_reason,"
        " a.reason, s.status,"
        " e.status, p.ref, p.hospital_number, p.given, p.family, p.birth_date, p.phone,"
        " TRIM(CONCAT(d.prefix, ' ', d.given, ' ', d.family))"
        " FROM appointment a JOIN patient p ON p.id = a.patient_id"
        " JOIN practitioner d ON d.id = a.practitioner_id JOIN slot s ON s.id = a.slot_id"
        " LEFT JOIN encounter e ON e.appointment_id = a.id WHERE a.location_id = %s"
        " AND a.starts_at >= %s AND a.starts_at < %s AND a.status <> 'cancelled'"
        " ORDER BY a.starts_at, d.family, a.id",
        clinic_id,
        *_span(day),
    )


def _line(row: tuple[Any, ...]) -> Line:
    ref, location_id, starts, status, version, mode, overbook, reason, *others = row
    slot_status, encounter, *who = others
    return Line(
        *(ref, location_id, aware(starts), AppointmentStatus(status), version, Mode(mode)),
        *(overbook, reason, SlotStatus(slot_status)),
        *(EncounterStatus(encounter) if encounter else None, *who),
    )


def _span(day: date) -> tuple[datetime, datetime]:
    begins, ends = current.hospital().day(day)
    return naive(begins), naive(ends)


def found_slot(row: tuple[Any, ...]) -> FoundSlot:
    ref, starts_at, mode, practitioner, location = row
    return FoundSlot(ref, aware(starts_at), Mode(mode), practitioner, location)


def free_slots(subject: Subject) -> str:
    clinics = {
        row[1]: row for row in rows("SELECT id, ref, name FROM location WHERE active ORDER BY name")
    }
    form = FindForm(request.args)
    form.clinic.choices = {"": "Any clinic"} | {ref: row[2] for ref, row in clinics.items()}
    clinic_id = clinics[form.clinic.data][0] if form.clinic.data in clinics else abort(404)
    form.practitioner.choices = {"": "Anyone"} | _practitioners(clinic_id)
    form.validate()
    found = _free(clinic_id)
    remember(Deed.FIND_SLOTS, f"Patient/{subject.ref}", subject.ref)
    connection().commit()
    here = f"/patients/{subject.ref}/appointments"
    return render_template(
        "appointments/finding/find.html",
        subject=subject,
        moved=None,
        form=form,
        errors=[],
        found=found,
        booked=None,
        overbooks=False,
        hold=f"{here}/hold/",
        again=f"{here}/find?clinic={form.clinic.data}&practitioner=&mode=",
    )


_FREE = (
    "s.status = 'free' AND (s.held_until IS NULL OR s.held_until <= %s OR"
    " s.held_by_account_id = %s) AND s.location_id = %s"
)
_OF_DAY = (
    f"(SELECT s.* FROM slot s WHERE {_FREE} AND s.starts_at >= %s AND s.starts_at < %s"
    f" ORDER BY s.starts_at, s.id LIMIT {A_FEW + 1})"
)
_OF_DAYS = (
    "SELECT s.ref, s.starts_at, s.mode, TRIM(CONCAT(d.prefix, ' ', d.given, ' ', d.family)),"
    f" l.name FROM ({' UNION ALL '.join([_OF_DAY] * DAYS)}) s"
    " JOIN practitioner d ON d.id = s.practitioner_id JOIN location l ON l.id = s.location_id"
    " ORDER BY s.starts_at, d.family"
)


def _free(clinic_id: int) -> Found:
    hospital, earliest = current.hospital(), g.now + timedelta(hours=1)
    free = (naive(g.now), actor().account_id, clinic_id)
    ((first,),) = rows(
        f"SELECT MIN(s.starts_at) FROM slot s WHERE {_FREE} AND s.starts_at >= %s",
        *free,
        naive(earliest),
    )
    start = hospital.today(aware(first))
    days = [start + timedelta(days=number) for number in range(DAYS)]
    values: list[object] = []
    for day in days:
        begins, ends = _span(day)
        values += [*free, max(begins, naive(earliest)), ends]
    slots: dict[date, list[FoundSlot]] = {day: [] for day in days}
    for row in rows(_OF_DAYS, *values):
        slot = found_slot(row)
        slots[hospital.today(slot.starts_at)].append(slot)
    found = [Day(day, few[:A_FEW], len(few) > A_FEW) for day, few in slots.items() if few]
    return Found(found, start + timedelta(days=DAYS))
