"""Withdrawing a document that was entered in error."""

from flask import flash, redirect, render_template, url_for

from portal.access import Deed
from portal.database import db
from portal.documents import actions, queries, rules
from portal.documents.forms import WithdrawForm
from portal.documents.views import DOCUMENT, Answer, views
from portal.models import Origin
from portal.web.current import setting
from portal.web.forms import page_errors
from portal.web.guard import deed


@views.route(f"{DOCUMENT}/withdraw", methods=["GET", "POST"])
@deed(Deed.WITHDRAW_DOCUMENT)
def withdraw(patient_ref: str, document_ref: str) -> Answer:
    form = WithdrawForm()
    if form.validate_on_submit():
        actions.withdraw(
            db.session(),
            patient_ref=patient_ref,
            ref=document_ref,
            reason=form.reason.data,
            **setting(),
        )
        flash("The document is withdrawn.")
        return redirect(url_for(".of_patient", patient_ref=patient_ref), code=303)
    subject, document = queries.open_document(
        db.session(),
        deed=Deed.WITHDRAW_DOCUMENT,
        patient_ref=patient_ref,
        ref=document_ref,
        opened="form",
        **setting(),
    )
    rules.require_withdrawable(
        acts_for_patient=subject.acted_for_as is not None,
        from_patient=document.origin is Origin.PATIENT,
    )
    page = render_template(
        "documents/withdraw.html",
        subject=subject,
        document=document,
        form=form,
        errors=page_errors(form),
    )
    return page, 400 if form.is_submitted() else 200
