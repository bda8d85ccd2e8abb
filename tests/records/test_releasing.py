"""When the patient sees a result: at once by default, later by their own choice or while it is held."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.errors import ChangedMeanwhile, Forbidden, NotFound, Refused, Unfit
from portal.models import Account, Observation, ObservationPanel, ResultHold
from portal.records.recording import mark_in_error
from portal.records.releasing import actions
from portal.records.releasing.actions import Hold
from portal.records.releasing.rules import MOST_DAYS
from portal.records.results import queries
from portal.records.summary.queries import summary_of
from portal.seen import Seen
from portal.vocabulary import Relationship
from tests.appointments.pages import press
from tests.builders import (
    NOW,
    a_hold,
    a_report,
    a_version,
    a_wait,
    actor_of,
    an_account_of,
    audited,
    context_for,
    seen,
)
from tests.builders.ward import Ward

Browse = Callable[[Account], FlaskClient]
TOMORROW = (NOW + timedelta(days=1)).date()
HOLD = Hold("I will call her first", TOMORROW)


def sees(ward: Ward, account: Account, **passed: float) -> int:
    """How many reports the account's owner is shown so much later."""
    context = ward.later(account, **passed)
    subject = context.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    found, _ = queries.reports(context, subject, None)
    assert len(summary_of(context, subject).results) == min(len(found), queries.LATEST)
    return len(found)


def hold(ward: Ward, panel: ObservationPanel, hold: Hold = HOLD) -> None:
    result = Seen(panel.ref, panel.version)
    actions.hold(ward.as_doctor, patient_ref=ward.patient.ref, result=result, hold=hold)


def choose(ward: Ward, version: int, *, after_talk: bool) -> None:
    patient = Seen(ward.patient.ref, version)
    actions.choose(ward.as_patient, patient=patient, after_talk=after_talk)


def test_the_patient_sees_a_result_at_once(ward: Ward) -> None:
    a_report(ward.session, ward.patient)
    assert sees(ward, ward.own) == 1


def test_a_held_result_is_absent_for_patient_and_proxies_until_its_end(ward: Ward) -> None:
    parent = an_account_of(ward.session, ward.patient, Relationship.PARENT)
    hold(ward, a_report(ward.session, ward.patient))
    for account in (ward.own, parent):
        assert sees(ward, account) == 0
        assert sees(ward, account, days=2) == 1
    assert sees(ward, ward.doctor) == 1


def test_a_nurse_who_is_the_patient_sees_no_more_than_any_patient(ward: Ward) -> None:
    ward.own.role_values = "nurse patient"
    ward.own.practitioner_id, ward.nurse.practitioner_id = ward.nurse.practitioner_id, None
    ward.session.flush()
    hold(ward, a_report(ward.session, ward.patient))
    assert sees(ward, ward.own) == 0


def test_held_is_absent_through_every_door(
    open_ward: Ward, database: Session, sign_in: Browse
) -> None:
    report = a_report(database, open_ward.patient, {"2823-3": "6.66"})
    a_version(database, report)
    held = a_hold(database, report)
    value = database.scalars(select(Observation.ref)).one()
    database.commit()
    record = f"/patients/{open_ward.patient.ref}/record"
    found = sign_in(open_ward.doctor).get(f"{record}/results").text
    assert "6.66" in found
    assert held.reason in found
    patient = sign_in(open_ward.own)
    pages = {path: patient.get(f"{record}{path}") for path in ("", "/results")}
    for path, page in pages.items():
        assert page.status_code == 200, path
        for secret in ("6.66", report.ref, value, held.reason, "Potassium"):
            assert secret not in page.text, (path, secret)
    doors = f"/results/values/{value}", f"/versions/{report.ref}", f"/results?before={report.ref}"
    for door in doors:
        assert patient.get(f"{record}{door}").status_code == 404, door


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Hold("", TOMORROW), "hold_reason"),
        (Hold("Why", None), "hold_until"),
        (Hold("Why", NOW.date()), "hold_until"),
        (Hold("Why", TOMORROW + timedelta(days=MOST_DAYS)), "hold_until"),
    ],
    ids=["no reason", "no end", "today", "too long"],
)
def test_a_hold_needs_a_reason_and_an_end(ward: Ward, wrong: Hold, field: str) -> None:
    report = a_report(ward.session, ward.patient)
    with pytest.raises(Unfit) as fault:
        hold(ward, report, wrong)
    assert fault.value.field == field
    assert sees(ward, ward.own) == 1


def test_a_result_is_held_once_and_again_after_that_has_ended(ward: Ward) -> None:
    report = a_report(ward.session, ward.patient)
    hold(ward, report)
    with pytest.raises(Refused, match="held already"):
        hold(ward, report)
    later = ward.later(ward.doctor, days=3)
    again = Hold("Still not reached", TOMORROW + timedelta(days=5))
    actions.hold(later, patient_ref=ward.patient.ref, result=Seen(report.ref, 1), hold=again)
    assert sees(ward, ward.own, days=3) == 0
    assert len(ward.session.scalars(select(ResultHold)).all()) == 2


def test_a_hold_that_is_ended_shows_the_result_and_stays_on_record(ward: Ward) -> None:
    held = a_hold(ward.session, a_report(ward.session, ward.patient))
    for held_as, expected in ((Seen(held.ref, 1), 1), (Seen(held.ref, 1), None)):
        if expected is None:
            with pytest.raises(ChangedMeanwhile):
                actions.end_hold(ward.as_nurse, patient_ref=ward.patient.ref, hold=held_as)
        else:
            actions.end_hold(ward.as_nurse, patient_ref=ward.patient.ref, hold=held_as)
    assert sees(ward, ward.own) == 1
    ward.session.refresh(held)
    assert (held.ended_at, held.ended_by_name) == (NOW, ward.nurse.name)


def test_a_result_that_was_corrected_meanwhile_is_not_held(ward: Ward) -> None:
    report = a_report(ward.session, ward.patient)
    report.version = 2
    ward.session.flush()
    with pytest.raises(ChangedMeanwhile):
        actions.hold(
            ward.as_doctor, patient_ref=ward.patient.ref, result=Seen(report.ref, 1), hold=HOLD
        )


def test_nobody_holds_a_result_in_error_or_of_somebody_else(ward: Ward) -> None:
    report, other = a_report(ward.session, ward.patient), a_report(ward.session, ward.stranger)
    with pytest.raises(NotFound):
        hold(ward, other)
    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    mark_in_error(
        ward.as_doctor, Deed.RECORD_RESULTS, subject, (ObservationPanel, seen(report)), "Wrong"
    )
    ward.session.refresh(report)
    with pytest.raises(Refused, match="entered in error"):
        hold(ward, report)
    with pytest.raises(Forbidden):
        actions.hold(
            ward.as_patient, patient_ref=ward.patient.ref, result=Seen(report.ref, 2), hold=HOLD
        )


def test_who_waits_for_a_talk_sees_only_what_was_there_before_and_what_was_talked_about(
    ward: Ward,
) -> None:
    before = a_report(ward.session, ward.patient, recorded_at=NOW - timedelta(hours=1))
    choose(ward, 0, after_talk=True)
    later = NOW + timedelta(hours=1)
    talked, _ = (a_report(ward.session, ward.patient, recorded_at=later) for _ in range(2))
    assert sees(ward, ward.own, hours=2) == 1
    actions.note_talk(
        ward.as_nurse, patient_ref=ward.patient.ref, result=Seen(talked.ref, talked.version)
    )
    assert sees(ward, ward.own, hours=2) == 2
    choose(ward, 1, after_talk=False)
    assert sees(ward, ward.own, hours=2) == 3
    assert before.discussed_at is None
    assert [one.detail for one in audited(ward.session, "choose when results are shown")] == [
        {"after_talk": True},
        {"after_talk": False},
    ]


def test_a_talk_does_not_end_a_hold(ward: Ward) -> None:
    report = a_report(ward.session, ward.patient)
    a_wait(ward.session, ward.patient)
    a_hold(ward.session, report)
    actions.note_talk(ward.as_nurse, patient_ref=ward.patient.ref, result=Seen(report.ref, 1))
    assert sees(ward, ward.own) == 0


def test_a_choice_on_an_old_page_changes_nothing(ward: Ward) -> None:
    choose(ward, 0, after_talk=True)
    with pytest.raises(ChangedMeanwhile):
        choose(ward, 0, after_talk=False)


def test_only_who_acts_for_the_patient_chooses(ward: Ward) -> None:
    with pytest.raises(Forbidden):
        actions.choose(ward.as_doctor, patient=Seen(ward.patient.ref, 0), after_talk=True)
    stranger = context_for(ward.session, actor_of(an_account_of(ward.session, ward.stranger)))
    with pytest.raises(NotFound):
        actions.choose(stranger, patient=Seen(ward.patient.ref, 0), after_talk=True)


def test_from_entering_to_showing(open_ward: Ward, database: Session, sign_in: Browse) -> None:
    doctor, patient = sign_in(open_ward.doctor), sign_in(open_ward.own)
    results = f"/patients/{open_ward.patient.ref}/record/results"
    form = doctor.get(f"{results}/new/kidneys-and-salts")
    typed = {
        "potassium": "5.90",
        "measured_at": "9:05",
        "measured_on-day": "1",
        "measured_on-month": "3",
        "measured_on-year": "2026",
        "when_shown": "held",
        "creatinine-unit": "umol/L",
        "glucose-unit": "mmol/L",
        "calcium-unit": "mmol/L",
    }
    refused = press(doctor, form, "Save", **typed)
    assert refused.status_code == 400
    assert 'value="5.90"' in refused.text
    until = dict(zip(("day", "month", "year"), f"{TOMORROW:%d %m %Y}".split(), strict=True))
    ends = {f"hold_until-{part}": value for part, value in until.items()}
    saved = press(doctor, refused, "Save", **typed, hold_reason="I will call her first", **ends)
    assert saved.status_code == 303
    assert "5.90" not in patient.get(results).text
    listed, old = doctor.get(results), doctor.get(results)
    assert 'mch-flag">high</b>' in listed.text
    assert press(doctor, listed, "Show it to the patient now").status_code == 303
    assert "5.90 mmol/L" in patient.get(results).text
    again = press(doctor, old, "Show it to the patient now")
    assert again.status_code == 409
    assert "no longer held" in again.text
