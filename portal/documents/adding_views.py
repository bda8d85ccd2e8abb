"""Sending files: with one plain form, or one by one beside a progress bar."""

from datetime import timedelta

from flask import after_this_request, flash, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from portal import audit
from portal.access import Deed
from portal.database import db
from portal.documents import actions, receiving
from portal.documents.file_names import shown_name
from portal.documents.forms import DocumentForm
from portal.documents.kinds import Kind
from portal.documents.receiving import Received
from portal.documents.views import DOCUMENTS, views
from portal.errors import PortalError, Unavailable
from portal.models.lookup import Subject, find_patient
from portal.shared_files import Resting
from portal.web import current, rate_limits, submissions
from portal.web.current import setting
from portal.web.forms import page_errors
from portal.web.guard import deed
from portal.web.submissions import repeatable
from portal.web.uploads import Arrival, arrivals, measure, store, takes_files

CHOOSE = "Choose at least one file"
NOT_KEPT = "This form came without its key. Reload the page and choose the file again."
ACCEPTED = ",".join(f".{extension}" for kind in Kind for extension in kind.extensions)
DAY = timedelta(days=1)

Answer = str | Response | tuple[str | dict[str, object], int]


@views.before_request
def keep_what_arrives() -> None:
    """Before anybody asks who is signed in: what was received is lost neither with a session that has
    expired nor with a database that is away.
    """
    key = request.form.get(submissions.FIELD, "") if request.method == "POST" else ""
    for arrival in arrivals() if key else ():
        _keep(arrival, key)
        measure(arrival)


def _keep(arrival: Arrival, key: str) -> None:
    if not arrival.stored:
        return
    try:
        kind = receiving.judged(store(), arrival.stored, arrival.name)
        arrival.keep()
        receiving.remember(
            store(),
            key=key,
            stored=arrival.stored,
            name=arrival.name,
            kind=kind,
            token=cookie["_user_id"],
        )
    except PortalError as fault:
        arrival.fault = fault


@views.route(f"{DOCUMENTS}/new", methods=["GET", "POST"])
@deed(Deed.ADD_DOCUMENT)
@takes_files
def new(patient_ref: str) -> Answer:
    subject = _subject_of(patient_ref)
    form = DocumentForm()
    if not form.is_submitted():
        return _empty_page(subject, form)
    _count_arrivals()
    form.validate()
    form.refuse_files(_faults())
    try:
        there = _received(form.key)
    except Unavailable as fault:
        form.refuse_files([fault.message])
        return _page(subject, form, []), 503
    return _add(subject, form, there) or (_page(subject, form, there), _status())


def _received(key: str) -> list[Received]:
    """What is here under the key, of this request and of earlier ones, without what is left out."""
    there = receiving.received(
        db.session(), store(), by=current.actor(), key=key, token=cookie["_user_id"]
    )
    leaving = request.form.getlist("leave_out")
    return receiving.leave_out(store(), key=key, names=leaving, among=there)


def _add(subject: Subject, form: DocumentForm, there: list[Received]) -> Answer | None:
    """None when the form must be shown again; its errors say why."""
    most = current.hospital().documents_at_once
    if not there and not form.files.errors:
        form.refuse_files([CHOOSE])
    if len(there) > most:
        form.refuse_files([f"Leave some out: no more than {most} files at once"])
    if form.errors:
        return None
    try:
        actions.add(
            db.session(),
            patient_ref=subject.ref,
            files=[one.new_file for one in there],
            facts=form.facts,
            **setting(),
        )
    except actions.AlreadyThere as fault:
        form.refuse_files(
            f"{one.name} is among the documents already, as “{title}”. Leave it out."
            for one in there
            if (title := fault.titles.get(one.stored.sha256))
        )
        return None
    return _added(subject, form.key, there)


def _added(subject: Subject, key: str, there: list[Received]) -> Answer:
    @after_this_request
    def forget(response: Response) -> Response:
        """Once the rows are committed, or never: then the sweep does."""
        if response.status_code < 400:
            receiving.forget(store(), key)
        return response

    added = "The document is added." if len(there) == 1 else f"{len(there)} documents are added."
    twins = [
        f" {twin} is the same file as {one.name}, so it was left out."
        for one in there
        for twin in one.twins
    ]
    flash(f"{added} We check every file for viruses before it can be opened.{''.join(twins)}"[:500])
    return redirect(url_for(".of_patient", patient_ref=subject.ref), code=303)


@views.post(f"{DOCUMENTS}/new/files")
@deed(Deed.ADD_DOCUMENT)
@repeatable
@takes_files
def receive_files(patient_ref: str) -> Answer:
    """For the script with the progress bar: files ahead of their form, under its submission key."""
    _subject_of(patient_ref)
    _count_arrivals()
    if not request.form.get(submissions.FIELD):
        return {"faults": [NOT_KEPT]}, 400
    faults = [one.fault.message for one in arrivals() if one.fault]
    return {"faults": faults}, _status() if faults else 200


def _subject_of(patient_ref: str) -> Subject:
    deed = Deed.ADD_DOCUMENT
    subject = find_patient(db.session(), deed=deed, ref=patient_ref, **setting())
    if request.method == "GET":
        audit.remember(
            db.session(),
            by=current.actor(),
            deed=deed,
            now=current.now(),
            of=subject.reference,
            patient=subject.ref,
            opened="form",
        )
    return subject


def _count_arrivals() -> None:
    """Committed at once: files that are refused, or never followed by their form, count too."""
    for _ in arrivals():
        rate_limits.spend(
            db.session(),
            f"documents {current.actor().ref}",
            allowed=current.hospital().documents_a_day,
            window=DAY,
            now=current.now(),
        )
    db.session().commit()


def _faults() -> list[str]:
    """What went wrong, each file by its name."""
    return [f"{shown_name(one.name)}: {one.fault.message}" for one in arrivals() if one.fault]


def _status() -> int:
    return 503 if any(isinstance(one.fault, Unavailable) for one in arrivals()) else 400


def _empty_page(subject: Subject, form: DocumentForm) -> str:
    if not store().lives:
        raise Resting
    return _page(subject, form, [])


def _page(subject: Subject, form: DocumentForm, there: list[Received]) -> str:
    return render_template(
        "documents/new.html",
        subject=subject,
        form=form,
        received=there,
        errors=page_errors(form),
        accepted=ACCEPTED,
        kinds=Kind,
    )
