"""Codes that link an account to a record, and the people who act for a patient."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.errors import NotFound, Refused, Unfit
from portal.patients.access import actions, queries, rules
from portal.patients.access.codes import hashes_of
from portal.patients.access.forms import AccountForm, ClaimForm, RelationshipForm, proxy_shown
from portal.patients.addresses import PATIENT
from portal.reach.lookup import Subject
from portal.vocabulary import Relationship
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.forms import page_errors
from portal.web.pages import page
from portal.web.rate_limits import Limit, spend
from portal.web.sealing import seal, unseal
from portal.web.seen import SeenForm

views = Blueprint("access", __name__)

PROXIES = f"{PATIENT}/proxies"
SHOWN_ONCE = "sealed account code"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OF_ONE_ACCOUNT, AT_ONE_CODE, OF_ALL = Limit(10, HOUR), Limit(10, DAY), Limit(500, HOUR)


@views.route(f"{PATIENT}/code", methods=["GET", "POST"])
@page(Deed.HAND_OUT_CODE)
def code(patient_ref: str) -> Answer:
    form, context = RelationshipForm(), current.context()

    def send() -> Response:
        handed_out = actions.hand_out(
            context,
            patient_ref=patient_ref,
            relationship=form.chosen,
            secret_key=current.settings().secret_key,
        )
        # Encrypted, because cookies can be read, and valid only on this patient's page.
        cookie[SHOWN_ONCE] = [patient_ref, seal(handed_out, by=context.by)]
        return redirect(url_for(".code_shown", patient_ref=patient_ref), code=303)

    def show() -> str:
        subject = context.patient(Deed.HAND_OUT_CODE, patient_ref)
        has_own = queries.has_own_account(context, subject.id)
        own = () if has_own else (Relationship.ONESELF,)
        form.offer((*own, *_proxies_for(subject)))
        return render_template(
            "patients/access/code.html",
            subject=subject,
            form=form,
            has_own=has_own,
            errors=page_errors(form),
        )

    return round_trip(form, send, show)


def _proxies_for(subject: Subject) -> tuple[Relationship, ...]:
    context = current.context()
    age = context.hospital.child_proxy_ends_at_age
    return rules.proxies_for(subject.birth_date, context.today, age)


@views.get(f"{PATIENT}/code/shown")
@page(Deed.HAND_OUT_CODE)
def code_shown(patient_ref: str) -> Answer:
    subject = current.context().patient(Deed.HAND_OUT_CODE, patient_ref)
    return render_template(
        "patients/access/code_shown.html",
        subject=subject,
        code=_shown_once(patient_ref),
        days=current.hospital().account_code_days,
        address=current.settings().portal_url,
    )


def _shown_once(patient_ref: str) -> str | None:
    """The code that this person has just made for this patient."""
    whose, sealed = cookie.get(SHOWN_ONCE) or ("", "")
    if whose != patient_ref:
        return None
    del cookie[SHOWN_ONCE]
    return unseal(sealed, by=current.actor())


@views.route("/claim-record", methods=["GET", "POST"])
@page(Deed.CLAIM_RECORD, secret=True)
def claim() -> Answer:
    form = ClaimForm()

    def send() -> Response:
        hashes = hashes_of(form.code.data, current.settings().secrets)
        _count_attempt(hashes[0])
        patient_ref = actions.claim(
            current.context(), hashes=hashes, birth_date=form.birth_date.day
        )
        return done("The record is linked to your account.", "chart.show", patient_ref=patient_ref)

    def show() -> str:
        return render_template("patients/access/claim.html", form=form, errors=page_errors(form))

    return round_trip(form, send, show)


def _count_attempt(hashed: str) -> None:
    """Commits at once, so that a refused attempt counts and has its audit entry."""
    context = current.context()
    actions.remember_attempt(context)
    # The audit entry and the counts below must stay even if this attempt is refused.
    context.session.commit()
    for key, limit in (
        (f"claim by {context.by.ref}", OF_ONE_ACCOUNT),
        (f"claim of {hashed}", AT_ONE_CODE),
        ("claim", OF_ALL),
    ):
        spend(context.session, key, limit, context.now)
    # As above.
    context.session.commit()


@views.get(PROXIES)
@page(Deed.SEE_PROXIES)
def proxies(patient_ref: str) -> Answer:
    context = current.context()
    subject = context.patient(Deed.SEE_PROXIES, patient_ref)
    return render_template(
        "patients/access/proxies.html",
        subject=subject,
        proxies=queries.proxies_of(context, subject),
        may_change=context.may(Deed.CHANGE_PROXIES),
    )


@views.route(f"{PROXIES}/new", methods=["GET", "POST"])
@page(Deed.CHANGE_PROXIES)
def find_proxy(patient_ref: str) -> Answer:
    form, context = AccountForm(), current.context()

    def send() -> Response:
        context.find_patient(Deed.CHANGE_PROXIES, patient_ref)
        try:
            account = queries.find_account(context, typed=form.typed.data)
        except Refused as fault:
            raise Unfit("typed", fault.message) from fault
        address = url_for(".grant", patient_ref=patient_ref, account_ref=account.ref)
        return redirect(address, code=303)

    def show() -> str:
        subject = context.patient(Deed.CHANGE_PROXIES, patient_ref)
        return render_template(
            "patients/access/find_proxy.html", subject=subject, form=form, errors=page_errors(form)
        )

    return round_trip(form, send, show)


@views.route(f"{PROXIES}/new/<string(length=20):account_ref>", methods=["GET", "POST"])
@page(Deed.CHANGE_PROXIES)
def grant(patient_ref: str, account_ref: str) -> Answer:
    form, context = RelationshipForm(), current.context()

    def send() -> Response:
        actions.grant(
            context, patient_ref=patient_ref, account_ref=account_ref, relationship=form.chosen
        )
        told = "They can act for the patient from now on."
        return done(told, ".proxies", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.CHANGE_PROXIES, patient_ref)
        kinds = _proxies_for(subject)
        form.offer(kinds)
        age = context.hospital.child_proxy_ends_at_age
        return render_template(
            "patients/access/grant.html",
            subject=subject,
            account=queries.account_of(context, account_ref=account_ref),
            form=form,
            ends_on=rules.ends_on(kinds[0], subject.birth_date, age),
            errors=page_errors(form),
        )

    return round_trip(form, send, show)


@views.route(f"{PROXIES}/<string(length=20):related_ref>/end", methods=["GET", "POST"])
@page(Deed.CHANGE_PROXIES)
def end_proxy(patient_ref: str, related_ref: str) -> Answer:
    form, context = SeenForm(), current.context()

    def send() -> Response:
        actions.end(context, patient_ref=patient_ref, related=form.seen(related_ref))
        return done("The access has ended.", ".proxies", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.CHANGE_PROXIES, patient_ref)
        found = queries.proxies_of(context, subject)
        related = next((one for one in found if one.ref == related_ref), None)
        if related is None or (related.ended_at and not form.is_submitted()):
            raise NotFound
        form.see(proxy_shown(related))
        return render_template(
            "patients/access/end_proxy.html",
            subject=subject,
            related=related,
            form=form,
            errors=page_errors(form),
        )

    return round_trip(form, send, show)
