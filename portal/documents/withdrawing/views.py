"""The page on which a document is withdrawn."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.documents import queries, rules
from portal.documents.views import DOCUMENT
from portal.documents.withdrawing import actions
from portal.documents.withdrawing.forms import WithdrawForm, document_shown
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.forms import page_errors
from portal.web.pages import page

views = Blueprint("withdrawing", __name__)


@views.route(f"{DOCUMENT}/withdraw", methods=["GET", "POST"])
@page(Deed.WITHDRAW_DOCUMENT)
def withdraw(patient_ref: str, document_ref: str) -> Answer:
    context, form = current.context(), WithdrawForm()

    def send() -> Response:
        document, reason = form.seen(document_ref), form.reason.data
        actions.withdraw(context, patient_ref=patient_ref, document=document, reason=reason)
        return done(
            "The document has been withdrawn.", "documents.of_patient", patient_ref=patient_ref
        )

    def show() -> str:
        deed = Deed.WITHDRAW_DOCUMENT
        subject, document = queries.open_document(
            context, deed, patient_ref=patient_ref, ref=document_ref, opened="form"
        )
        rules.require_withdrawable(document.origin, subject.acted_for_as)
        form.see(document_shown(document))
        return render_template(
            "documents/withdrawing/withdraw.html",
            subject=subject,
            document=document,
            form=form,
            errors=page_errors(form),
        )

    return round_trip(form, send, show)
