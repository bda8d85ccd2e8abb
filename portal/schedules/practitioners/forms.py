from collections.abc import Iterable

from wtforms import SelectMultipleField

from portal.schedules.forms import chosen, line
from portal.schedules.lookup import FoundPractitioner
from portal.schedules.practitioners.actions import PractitionerFacts
from portal.web.seen import SeenForm, Shown


class PractitionerForm(SeenForm):
    """The caller sets the choices of `locations`."""

    prefix = line("Title (optional)", 20)
    given = line("First name", 100, "Enter the first name")
    family = line("Family name", 100, "Enter the family name")
    specialty = line("Specialty (optional)", 100)
    locations = SelectMultipleField(
        "Clinics that they work in",
        validate_choice=False,
        validators=[chosen("Choose at least one clinic from the list")],
    )

    @property
    def name(self) -> str:
        return f"{self.given.data} {self.family.data}"

    @property
    def facts(self) -> PractitionerFacts:
        return PractitionerFacts(
            prefix=self.prefix.data,
            given=self.given.data,
            family=self.family.data,
            specialty=self.specialty.data,
            location_refs=frozenset(self.locations.data),
        )


def practitioner_shown(whose: FoundPractitioner, clinics: Iterable[str] = ()) -> Shown:
    """`clinics` are the references of the practitioner's clinics."""
    values = {name: getattr(whose, name) for name in ("prefix", "given", "family", "specialty")}
    words = whose.name if whose.active else f"{whose.name}. Can't be booked"
    return Shown(whose.version, words, {**values, "locations": list(clinics)})
