"""Why a document is withdrawn."""

from functools import partial

from wtforms import StringField
from wtforms.validators import DataRequired

from portal.documents.queries import Document
from portal.text import PARAGRAPH_LENGTH, clean_line
from portal.web.seen import SeenForm, Shown


class WithdrawForm(SeenForm):
    reason = StringField(
        "What is wrong with it?",
        filters=[partial(clean_line, length=PARAGRAPH_LENGTH)],
        validators=[DataRequired("Enter what is wrong with it")],
    )


def document_shown(document: Document) -> Shown:
    words = f"{document.title}, {document.status.title.lower()}"
    who = f"{document.withdrawn_by_name} withdrew it." if document.withdrawn_by_name else ""
    return Shown(document.version, words, who=who)
