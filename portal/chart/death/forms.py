"""The forms for marking a patient as deceased, and for undoing that."""

from portal.web.forms import DateParts
from portal.web.seen import SeenForm


class MarkForm(SeenForm):
    died_on = DateParts("Day of death")


class TakeBackForm(SeenForm):
    """A form with one button and no other field."""
