from wtforms.validators import InputRequired

from portal.schedules.extra_clinics.actions import ExtraFacts
from portal.schedules.forms import (
    clinic_field,
    ends_field,
    minutes_field,
    mode_field,
    practitioner_field,
    reason_field,
    starts_field,
)
from portal.vocabulary import Mode
from portal.web.forms import DateParts, PortalForm


class ExtraForm(PortalForm):
    """The caller sets the choices of `practitioner` and `location`."""

    practitioner = practitioner_field()
    location = clinic_field()
    day = DateParts("Day", validators=[InputRequired("Enter the day")])
    starts = starts_field()
    ends = ends_field()
    slot_minutes = minutes_field()
    mode = mode_field()
    reason = reason_field()

    @property
    def facts(self) -> ExtraFacts:
        return ExtraFacts(
            location_ref=self.location.data,
            day=self.day.day,
            starts=self.starts.data,
            ends=self.ends.data,
            slot_minutes=self.slot_minutes.data,
            mode=Mode(self.mode.data),
            reason=self.reason.data,
        )
