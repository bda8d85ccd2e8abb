"""Forms for clinics and practitioners."""

from calendar import day_name

from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.schedules.clinic_actions import ClinicFacts
from portal.schedules.clock_forms import HoursField, LineField, chosen, printable
from portal.schedules.practitioner_actions import PractitionerFacts
from portal.web.forms import PortalForm


def at_most(length: int) -> Length:
    return Length(max=length, message=f"Use {length} characters or fewer")


class ConfirmForm(PortalForm):
    """A change that takes times out; `confirmed` says which booked times were seen."""

    confirmed = HiddenField()


class ClinicForm(PortalForm):
    name = LineField("Name", validators=[DataRequired("Enter the clinic's name"), at_most(100)])
    phone = LineField("Phone number (optional)", validators=[at_most(32)])
    address = TextAreaField(
        "Where it is (optional)", filters=[printable], validators=[at_most(500)]
    )
    hours_0 = HoursField(day_name[0], 0)
    hours_1 = HoursField(day_name[1], 1)
    hours_2 = HoursField(day_name[2], 2)
    hours_3 = HoursField(day_name[3], 3)
    hours_4 = HoursField(day_name[4], 4)
    hours_5 = HoursField(day_name[5], 5)
    hours_6 = HoursField(day_name[6], 6)

    @property
    def week(self) -> list[HoursField]:
        return [self[f"hours_{weekday}"] for weekday in range(7)]

    @property
    def facts(self) -> ClinicFacts:
        return ClinicFacts(
            name=self.name.data,
            phone=self.phone.data,
            address=self.address.data,
            hours=tuple(span for day in self.week for span in day.data or ()),
        )


class PractitionerForm(PortalForm):
    """The choices of `locations` come from the caller."""

    prefix = LineField("Title (optional)", validators=[at_most(20)])
    given = LineField("First name", validators=[DataRequired("Enter the first name"), at_most(100)])
    family = LineField(
        "Family name", validators=[DataRequired("Enter the family name"), at_most(100)]
    )
    specialty = LineField("Specialty (optional)", validators=[at_most(100)])
    locations = SelectMultipleField(
        "Clinics that they work in",
        validate_choice=False,
        validators=[chosen("Choose at least one clinic from the list")],
    )

    @property
    def facts(self) -> PractitionerFacts:
        return PractitionerFacts(
            prefix=self.prefix.data,
            given=self.given.data,
            family=self.family.data,
            specialty=self.specialty.data,
            location_refs=frozenset(self.locations.data),
        )
