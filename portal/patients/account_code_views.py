"""Handing out a code that is shown once, and entering it."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask import session as cookie

from portal.access import Deed
from portal.database import db
from portal.errors import Refused
from portal.models import Relationship
from portal.patients import account_codes, acting_rules
from portal.patients.acting import has_own_account
from portal.patients.acting_forms import ClaimForm, CodeForm
from portal.patients.base_views import PATIENT, Answer, subject_of, views
from portal.web import current
from portal.web.current import setting
from portal.web.forms import page_errors
from portal.web.guard import deed, secret
from portal.web.rate_limits import spend

SHOWN_ONCE = "account code"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ATTEMPTS_OF_ONE_ACCOUNT, ATTEMPTS_AT_ONE_CODE, ATTEMPTS_OF_ALL = 10, 10, 500


@views.route(f"{PATIENT}/code", methods=["GET", "POST"])
@deed(Deed.HAND_OUT_CODE)
def code(patient_ref: str) -> Answer:
    subject = subject_of(patient_ref, Deed.HAND_OUT_CODE)
    hospital = current.hospital()
    proxies = acting_rules.proxies_for(
        subject.birth_date, hospital.today(current.now()), hospital.child_proxy_ends_at_age
    )
    has_own = has_own_account(db.session(), subject.id)
    form = CodeForm(() if has_own else (Relationship.ONESELF,), proxies)
    if form.validate_on_submit():
        cookie[SHOWN_ONCE] = account_codes.hand_out(
            db.session(),
            ref=patient_ref,
            relationship=Relationship(form.relationship.data),
            secret_key=current.settings().secret_key,
            **setting(),
        )
        return redirect(url_for(".code_shown", patient_ref=patient_ref), code=303)
    page = render_template(
        "patients/code.html",
        subject=subject,
        form=form,
        has_own=has_own,
        errors=page_errors(form),
    )
    return page, 400 if form.is_submitted() else 200


@views.get(f"{PATIENT}/code/shown")
@deed(Deed.HAND_OUT_CODE)
def code_shown(patient_ref: str) -> Answer:
    subject = subject_of(patient_ref, Deed.HAND_OUT_CODE)
    return render_template(
        "patients/code_shown.html",
        subject=subject,
        code=cookie.pop(SHOWN_ONCE, None),
        days=current.hospital().account_code_days,
        address=current.settings().portal_url,
    )


@views.route("/claim-record", methods=["GET", "POST"])
@deed(Deed.CLAIM_RECORD)
@secret
def claim() -> Answer:
    form = ClaimForm()
    if form.validate_on_submit():
        _count_attempt(form.code.data)
        try:
            patient_ref = account_codes.claim(
                db.session(),
                code=form.code.data,
                birth_date=form.birth_date.day,
                secret_key=current.settings().secret_key,
                **setting(),
            )
        except Refused as fault:
            form.code.errors = [fault.message]
        else:
            flash("The record is linked to your account.")
            return redirect(url_for(".show", patient_ref=patient_ref), code=303)
    page = render_template("patients/claim.html", form=form, errors=page_errors(form))
    return page, 400 if form.is_submitted() else 200


def _count_attempt(typed: str) -> None:
    """Committed at once: an attempt counts, and leaves its entry, also when it is refused."""
    now, by = current.now(), current.actor()
    hashed = account_codes.hash_code(typed, current.settings().secret_key)
    account_codes.remember_attempt(db.session(), by=by, now=now)
    db.session().commit()
    for key, allowed, window in (
        (f"claim by {by.ref}", ATTEMPTS_OF_ONE_ACCOUNT, HOUR),
        (f"claim of {hashed}", ATTEMPTS_AT_ONE_CODE, DAY),
        ("claim", ATTEMPTS_OF_ALL, HOUR),
    ):
        spend(db.session(), key, allowed=allowed, window=window, now=now)
    db.session().commit()
