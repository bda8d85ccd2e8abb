"""The read-only pages about people, written directly with the database driver."""

from datetime import date

from flask import g, render_template, request

from portal.access import Deed, may
from portal.patients.search import rules
from portal.patients.search.criteria import parse_search
from portal.patients.search.forms import SearchForm
from portal.patients.search.queries import MOST, Found, Hit
from portal.reach.lookup import Subject
from portal.vocabulary import Relationship
from portal.web.sealing import unseal
from tests.bench.raw_pages.connection import (
    actor,
    connection,
    naive,
    one,
    remember,
    rows,
    today,
)
from tests.bench.raw_pages.times import found_slot


def search() -> str:
    form = SearchForm()
    text = unseal(request.args["search"], by=actor())
    form.text.data = text
    _count_search()
    hits = _find(text or "")
    remember(Deed.SEARCH_PATIENTS, hits=len(hits[:MOST]))
    connection().commit()
    found = Found(tuple(sorted(hits[:MOST], key=_by_name)), len(hits) > MOST)
    register = may(actor(), Deed.REGISTER_PATIENT)
    return render_template(
        "patients/search/patients.html",
        form=form,
        found=found,
        errors=[],
        most=MOST,
        may_register=register,
    )


def _count_search() -> None:
    """One statement counts and limits. The limit itself is not measured."""
    key = rules.fold(f"raw {actor().ref}")
    rows(
        "INSERT INTO rate_limit (key_hash, started_at, attempts) VALUES (SHA2(%s, 256), %s, 1)"
        " ON DUPLICATE KEY UPDATE attempts = attempts + 1",
        key,
        naive(g.now),
    )


def _by_name(hit: Hit) -> tuple[str, str, date]:
    return rules.fold(hit.family), rules.fold(hit.given), hit.birth_date


def _find(text: str) -> list[Hit]:
    criteria = [one.prefixes for one in parse_search(text, today=today()).criteria]
    words = [prefixes[0] for prefixes in criteria if prefixes[0][0].isalnum()]
    if len(words) == 2:
        first, second = words
        pair = (rules.pair(first, second), rules.pair(second, first))
        others = [prefixes for prefixes in criteria if prefixes[0] not in words]
        if hits := _hits([pair, *others]):
            return hits
    return _hits(criteria)


def _hits(criteria: list[tuple[str, ...]]) -> list[Hit]:
    tables, ranges, values = [], [], []
    for number, prefixes in enumerate(criteria):
        on = f" ON t{number}.patient_id = t0.patient_id" if number else ""
        tables.append(f"patient_search_term t{number}{on}")
        either = " OR ".join([f"t{number}.term >= %s AND t{number}.term < %s"] * len(prefixes))
        ranges.append(f"({either})")
        values += [end for prefix in prefixes for end in (prefix, f"{prefix}~")]
    found = rows(
        "SELECT p.ref, p.family, p.given, p.birth_date, p.hospital_number, p.phone FROM"
        f" (SELECT DISTINCT t0.patient_id FROM {' JOIN '.join(tables)}"
        f" WHERE {' AND '.join(ranges)} LIMIT {MOST + 1}) ids"
        " JOIN patient p ON p.id = ids.patient_id",
        *values,
    )
    return [Hit(*row) for row in found]


def subject_of(patient_ref: str) -> Subject:
    patient_id, number, family, given, born, died, acts_as = one(
        "SELECT p.id, p.hospital_number, p.family, p.given, p.birth_date, p.deceased_on,"
        " r.relationship_kind FROM patient p JOIN related_person r ON r.patient_id = p.id"
        " WHERE p.ref = %s AND p.merged_into_id IS NULL AND r.account_id = %s"
        " AND r.ended_at IS NULL AND (r.ends_on IS NULL OR r.ends_on > %s)",
        patient_ref,
        actor().account_id,
        today(),
    )
    return Subject(
        id=patient_id,
        ref=patient_ref,
        hospital_number=number,
        family=family,
        given=given,
        birth_date=born,
        gender=None,  # type: ignore[arg-type]
        deceased_on=died,
        acted_for_as=Relationship(acts_as),
    )


def home(patient_ref: str) -> str:
    subject = subject_of(patient_ref)
    remember(Deed.SEE_PATIENT, f"Patient/{patient_ref}", patient_ref)
    found = rows(
        "SELECT a.ref, a.starts_at, a.mode, TRIM(CONCAT(d.prefix, ' ', d.given, ' ', d.family)),"
        " l.name FROM appointment a JOIN practitioner d ON d.id = a.practitioner_id"
        " JOIN location l ON l.id = a.location_id WHERE a.patient_id = %s AND a.ends_at > %s"
        " AND a.status IN ('booked', 'arrived') ORDER BY a.starts_at LIMIT 3",
        subject.id,
        naive(g.now),
    )
    connection().commit()
    ahead = [found_slot(row) for row in found]
    return render_template("chart/home.html", subject=subject, ahead=ahead)
