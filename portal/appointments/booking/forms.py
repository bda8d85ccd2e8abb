"""Forms for booking, overbooking, moving and cancelling, with the version that their page showed."""

from functools import partial
from typing import Any

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from portal.appointments import rules
from portal.appointments.appointment_list.queries import AppointmentDetails
from portal.appointments.booking.queries import SlotDetails
from portal.text import PARAGRAPH_LENGTH, clean_line, clean_paragraph
from portal.web import current
from portal.web.seen import SeenForm, Shown

OTHER = "Another reason"
CANCEL_REASONS = (
    "Can't come at that time",
    "No longer needed",
    "Too unwell to come",
    "No way to get there",
    OTHER,
)


class BookForm(SeenForm):
    about = TextAreaField("What is it about? (optional)", filters=[clean_paragraph])


class OverbookForm(SeenForm):
    why = TextAreaField(
        "Reason for overbooking",
        filters=[clean_paragraph],
        validators=[DataRequired("Enter a reason for overbooking")],
    )


class MoveForm(SeenForm):
    """Carries two versions: of the appointment, and of the slot to which it moves."""


class CancelForm(SeenForm):
    choice = RadioField(
        "Why is it cancelled?",
        choices=list(CANCEL_REASONS),
        invalid_choice_message="Choose why it is cancelled",
    )
    other = StringField("The other reason", filters=[partial(clean_line, length=PARAGRAPH_LENGTH)])

    def validate_other(self, field: Any) -> None:
        if self.choice.data == OTHER and not field.data:
            raise ValidationError("Enter the other reason")

    @property
    def why(self) -> str:
        """The reason to store: the chosen one, or the text typed beside "Another reason"."""
        return str(self.other.data if self.choice.data == OTHER else self.choice.data)


def slot_shown(slot: SlotDetails) -> Shown:
    return Shown(slot.version, rules.in_words(slot, current.hospital()))


def appointment_shown(it: AppointmentDetails) -> Shown:
    return Shown(it.version, f"{rules.in_words(it, current.hospital())}. {it.phase.title}")


def move_shown(it: AppointmentDetails, slot: SlotDetails) -> Shown:
    words = f"{appointment_shown(it).words}. To move to {slot_shown(slot).words}"
    return Shown((it.version, slot.version), words)
