"""The forms of a patient's death: marking it, and taking it back."""

from portal.web.forms import DateParts
from portal.web.seen import SeenForm


class MarkForm(SeenForm):
    died_on = DateParts("Day of death")


class TakeBackForm(SeenForm):
    """One button, on a page that says what it does."""
