"""The forms about when a patient sees a result."""

from wtforms import RadioField, TextAreaField

from portal.records.releasing.actions import Hold
from portal.records.releasing.rules import MOST_DAYS
from portal.text import clean_paragraph
from portal.web.forms import DateParts
from portal.web.seen import SeenForm

AT_ONCE, HELD, AFTER_TALK = "at-once", "held", "after-talk"
WHEN = {AT_ONCE: "At once, or as the patient chose", HELD: "Not yet: hold it from the patient"}


class HoldForm(SeenForm):
    hold_reason = TextAreaField(
        "Why is it held?", description="Only staff see this", filters=[clean_paragraph]
    )
    hold_until = DateParts("Until which day?", description=f"At most {MOST_DAYS} days from today")

    @property
    def hold(self) -> Hold:
        return Hold(self.hold_reason.data, self.hold_until.data)


class ChoiceForm(SeenForm):
    when_shown = RadioField(
        "When do you want to see test results?",
        choices={
            AT_ONCE: "At once, as soon as they are in the record",
            AFTER_TALK: "After my clinician has spoken to me",
        },
    )
