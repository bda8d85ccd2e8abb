"""Sending files: with a plain form, or one by one with a progress bar.

The form does not use `round_trip`: the page shows what is wrong with the files and with the fields
together.
"""

from flask import Blueprint, after_this_request, render_template, request
from flask import session as cookie
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.documents.adding import actions
from portal.documents.adding.file_names import shown_name
from portal.documents.adding.forms import DocumentForm
from portal.documents.adding.receiving import Received, Tray
from portal.documents.checking.kinds import Kind
from portal.documents.views import DOCUMENTS
from portal.errors import PortalError, Unavailable
from portal.reach.lookup import Subject
from portal.shared_files import Resting
from portal.web import current, submissions
from portal.web.form_pages import done
from portal.web.forms import page_errors
from portal.web.pages import page
from portal.web.upload_gate import count_bytes, refuse_too_many
from portal.web.uploads import Arrival, arrivals, measure, store
from portal.words import counted

CHOOSE = "Choose at least one file"
NOT_KEPT = "This form came without its key. Reload the page and choose the file again."
ACCEPTED = ",".join(f".{extension}" for kind in Kind for extension in kind.extensions)

Answer = str | Response | tuple[str | dict[str, object], int]

views = Blueprint("adding", __name__)


@views.before_request
def keep_what_arrives() -> None:
    """Stores the files before anything else, so that they are not lost when the session has expired or the
    database is unavailable.
    """
    key = request.form.get(submissions.FIELD, "") if request.method == "POST" else ""
    for arrival in arrivals() if key else ():
        _keep(arrival, key)
        measure(arrival)


def _keep(arrival: Arrival, key: str) -> None:
    if not arrival.stored:
        return
    tray = _tray(key)
    try:
        kind = tray.judged(arrival.stored, arrival.name)
        arrival.stored = tray.bare(arrival.stored, kind)
        count_bytes(arrival.stored.size)
        arrival.keep()
        tray.put(arrival.stored, arrival.name, kind)
    except PortalError as fault:
        arrival.fault = fault


def _tray(key: str) -> Tray:
    return Tray(store(), key, cookie["_user_id"])


@views.route(f"{DOCUMENTS}/new", methods=["GET", "POST"])
@page(Deed.ADD_DOCUMENT, takes_files=True)
def new(patient_ref: str) -> Answer:
    form = DocumentForm()
    if not form.is_submitted():
        return _empty_page(patient_ref, form)
    refuse_too_many([one.fault for one in arrivals()])
    form.validate()
    form.refuse_files(_faults())
    try:
        there = _received(form)
    except Unavailable as fault:
        form.refuse_files([fault.message])
        return _page(_subject(patient_ref), form, []), 503
    answer = _add(patient_ref, form, there)
    return answer or (_page(_subject(patient_ref), form, there), _status())


def _subject(patient_ref: str) -> Subject:
    return current.context().find_patient(Deed.ADD_DOCUMENT, patient_ref)


def _received(form: DocumentForm) -> list[Received]:
    """The files of this form, from this and earlier requests, without those that the user removed."""
    tray = _tray(form.key)
    there = tray.received(current.context())
    return tray.leave_out(request.form.getlist("leave_out"), there)


def _add(patient_ref: str, form: DocumentForm, there: list[Received]) -> Answer | None:
    """The response; None when the form must be shown again with its errors."""
    most = current.hospital().documents_at_once
    if not there and not form.files.errors:
        form.refuse_files([CHOOSE])
    if len(there) > most:
        form.refuse_files([f"Leave some out: no more than {most} files at once"])
    if form.errors:
        return None
    files = [one.new_file for one in there]
    try:
        actions.add(current.context(), patient_ref=patient_ref, files=files, facts=form.facts)
    except actions.AlreadyThere as fault:
        form.refuse_files(
            f"{one.name} is among the documents already, as “{title}”. Leave it out."
            for one in there
            if (title := fault.titles.get(one.stored.sha256))
        )
        return None
    return _added(patient_ref, form, there)


def _added(patient_ref: str, form: DocumentForm, there: list[Received]) -> Response:
    @after_this_request
    def forget(response: Response) -> Response:
        """Deletes the notes on the files once the rows are committed. If that fails, the sweep does it."""
        if response.status_code < 400:
            _tray(form.key).forget()
        return response

    return done(_words(there)[:500], "documents.of_patient", patient_ref=patient_ref)


def _words(there: list[Received]) -> str:
    added = "The document has" if len(there) == 1 else f"{counted(len(there), 'document')} have"
    twins = [
        f" {twin} is the same file as {one.name}, so it was left out."
        for one in there
        for twin in one.twins
    ]
    checked = "We check every file for viruses before it can be opened."
    return f"{added} been added. {checked}{''.join(twins)}"


@views.post(f"{DOCUMENTS}/new/files")
@page(Deed.ADD_DOCUMENT, repeatable=True, takes_files=True)
def receive_files(patient_ref: str) -> Answer:
    """For the upload script, which sends files before the form, with the form's submission key."""
    _subject(patient_ref)
    refuse_too_many([one.fault for one in arrivals()])
    if not request.form.get(submissions.FIELD):
        return {"faults": [NOT_KEPT]}, 400
    faults = [one.fault.message for one in arrivals() if one.fault]
    return {"faults": faults}, _status() if faults else 200


def _faults() -> list[str]:
    """The error of each file, by file name."""
    return [f"{shown_name(one.name)}: {one.fault.message}" for one in arrivals() if one.fault]


def _status() -> int:
    return 503 if any(isinstance(one.fault, Unavailable) for one in arrivals()) else 400


def _empty_page(patient_ref: str, form: DocumentForm) -> str:
    subject = current.context().patient(Deed.ADD_DOCUMENT, patient_ref, opened="form")
    if not store().lives:
        raise Resting
    return _page(subject, form, [])


def _page(subject: Subject, form: DocumentForm, there: list[Received]) -> str:
    return render_template(
        "documents/adding/new.html",
        subject=subject,
        form=form,
        received=there,
        errors=page_errors(form),
        accepted=ACCEPTED,
    )
