"""The form in which a note is written."""

import secrets

from wtforms import HiddenField, TextAreaField

from portal.errors import CHANGED
from portal.records.drafts.actions import GONE, Written
from portal.records.drafts.queries import Draft
from portal.records.forms import RecordForm
from portal.records.notes.rules import clean_note
from portal.web.seen import SeenForm, Shown

LONGEST_NUMBER = 9
ANOTHER_WINDOW = (
    "You saved this draft in another window. What you typed here is kept below, with what was saved"
    " there under it. Put the two together, then save again."
)
ROWS = {"rows": 18}


def new_window() -> str:
    """A random id for one open page, to tell its own saves from those of another page."""
    return secrets.token_hex(16)


class NoteForm(RecordForm, SeenForm):
    body = TextAreaField("Note", filters=[clean_note], render_kw=ROWS)
    window = HiddenField(default=new_window)
    number = HiddenField(default="0")

    @property
    def written(self) -> Written:
        window = str(self.window.data or "")
        number = str(self.number.data or "")
        usable = number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER
        return Written(
            body=self.body.data or "",
            version=self.seen("").version,
            window=window if window.isascii() and len(window) <= 32 else "",
            number=int(number) if usable else 0,
        )

    def see(self, now: Shown) -> None:
        """The page's own saves change the draft too, so only an action can tell that another page changed
        it."""
        if not self.is_submitted():
            super().see(now)
        elif self.refused_as_changed:
            self.changed_meanwhile = True
            self.form_errors += [CHANGED, ANOTHER_WINDOW if now.version else GONE]
            self.version.data = now.version_text
            self.window.data, self.number.data = new_window(), "0"


def draft_shown(draft: Draft | None) -> Shown:
    if draft is None:
        return Shown(0)
    return Shown(draft.version, values={"body": draft.body})
