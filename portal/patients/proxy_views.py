"""Who acts for a patient: the list, granting, ending."""

from flask import flash, redirect, render_template, url_for

from portal.access import Deed, may
from portal.database import db
from portal.errors import NotFound, Refused
from portal.models import Relationship
from portal.patients import acting_rules, proxies
from portal.patients.acting_forms import RELATIONSHIPS, AccountForm, RelationshipForm
from portal.patients.base_views import PATIENT, Answer, subject_of, views
from portal.web import current
from portal.web.current import setting
from portal.web.forms import PortalForm, page_errors
from portal.web.guard import deed

PROXIES = f"{PATIENT}/proxies"


@views.get(PROXIES, endpoint="proxies")
@deed(Deed.SEE_PROXIES)
def all_proxies(patient_ref: str) -> Answer:
    subject, rows = proxies.proxies_of(db.session(), ref=patient_ref, **setting())
    return render_template(
        "patients/proxies.html",
        subject=subject,
        proxies=rows,
        words=RELATIONSHIPS,
        may_change=may(current.actor(), Deed.CHANGE_PROXIES),
    )


@views.route(f"{PROXIES}/new", methods=["GET", "POST"])
@deed(Deed.CHANGE_PROXIES)
def find_proxy(patient_ref: str) -> Answer:
    subject = subject_of(patient_ref, Deed.CHANGE_PROXIES)
    form = AccountForm()
    if form.validate_on_submit():
        try:
            account = proxies.find_account(
                db.session(), by=current.actor(), typed=form.typed.data, now=current.now()
            )
        except Refused as fault:
            form.typed.errors = [fault.message]
        else:
            address = url_for(".grant", patient_ref=patient_ref, account_ref=account.ref)
            return redirect(address, code=303)
    page = render_template(
        "patients/find_proxy.html", subject=subject, form=form, errors=page_errors(form)
    )
    return page, 400 if form.is_submitted() else 200


@views.route(f"{PROXIES}/new/<string(length=20):account_ref>", methods=["GET", "POST"])
@deed(Deed.CHANGE_PROXIES)
def grant(patient_ref: str, account_ref: str) -> Answer:
    subject = subject_of(patient_ref, Deed.CHANGE_PROXIES)
    account = proxies.account_of(db.session(), account_ref)
    hospital = current.hospital()
    today, age = hospital.today(current.now()), hospital.child_proxy_ends_at_age
    kinds = acting_rules.proxies_for(subject.birth_date, today, age)
    form = RelationshipForm(kinds)
    if form.validate_on_submit():
        try:
            proxies.grant(
                db.session(),
                ref=patient_ref,
                account_ref=account_ref,
                relationship=Relationship(form.relationship.data),
                **setting(),
            )
        except Refused as fault:
            form.relationship.errors = [fault.message]
        else:
            flash("They can act for the patient from now on.")
            return redirect(url_for(".proxies", patient_ref=patient_ref), code=303)
    page = render_template(
        "patients/grant.html",
        subject=subject,
        account=account,
        form=form,
        ends_on=acting_rules.ends_on(kinds[0], subject.birth_date, age),
        errors=page_errors(form),
    )
    return page, 400 if form.is_submitted() else 200


@views.route(f"{PROXIES}/<string(length=20):related_ref>/end", methods=["GET", "POST"])
@deed(Deed.CHANGE_PROXIES)
def end_proxy(patient_ref: str, related_ref: str) -> Answer:
    form = PortalForm()
    if form.validate_on_submit():
        proxies.end(db.session(), ref=patient_ref, related_ref=related_ref, **setting())
        flash("The access has ended.")
        return redirect(url_for(".proxies", patient_ref=patient_ref), code=303)
    subject, rows = proxies.proxies_of(db.session(), ref=patient_ref, **setting())
    related = next((row for row in rows if row.ref == related_ref and not row.ended_at), None)
    if related is None:
        raise NotFound
    return render_template(
        "patients/end_proxy.html", subject=subject, related=related, form=form, words=RELATIONSHIPS
    )
