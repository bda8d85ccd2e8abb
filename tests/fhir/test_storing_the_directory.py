"""Places and practitioners of a bundle, and those who are known already."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.fhir.foreign import ForeignBundle
from portal.fhir.storing import Change, Kind
from portal.models import Encounter, Location, LocationIdentifier, Practitioner
from tests.builders import a_location
from tests.fhir.samples import bundle, resource
from tests.fhir.stores import LATER, count, store


def test_an_organization_and_its_location_are_one_place(session: Session) -> None:
    outcome = store(session, bundle("directory"))

    places = {
        row.name: count(
            session, select(LocationIdentifier).filter_by(location_id=row.id).subquery()
        )
        for row in session.scalars(select(Location))
    }
    assert places == {"QUARRY HILL SURGERY": 2, "QUARRY HILL SURGERY, SALTBY": 1}
    assert outcome.changes[Kind.PLACE, Change.ADDED] == 2


def test_a_clinic_of_the_same_name_elsewhere_stays_what_it_is(session: Session) -> None:
    parsed = bundle("directory")
    del resource(parsed, "Organization")["address"]
    clinic = a_location(session, name="QUARRY HILL SURGERY", address="Level 1")

    store(session, parsed)

    assert clinic.address == "Level 1"
    assert set(session.scalars(select(Location.name))) == {
        "QUARRY HILL SURGERY",
        "QUARRY HILL SURGERY (2)",
        "QUARRY HILL SURGERY, ASHCOMBE",
        "QUARRY HILL SURGERY, SALTBY",
    }


def _named(family: str, given: str) -> Callable[[Any], None]:
    def change(parsed: Any) -> None:
        resource(parsed, "Practitioner")["name"] = [{"family": family, "given": [given]}]

    return change


def test_a_practitioner_who_changed_a_name_is_the_same(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    _named("Weißmann-Grün", "Noé")(parsed)

    store(session, parsed, LATER)

    assert count(session, Practitioner) == 1


def test_the_same_practitioner_entry_under_another_name_is_refused(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    _named("Obi", "Adaeze")(parsed)

    with pytest.raises(ForeignBundle, match=r"entry 3 .*practitioner of another name"):
        store(session, parsed)


def test_another_practitioner_with_the_same_number_is_stored_separately(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    _named("Obi", "Adaeze")(parsed)
    parsed["entry"] = parsed["entry"][2:3]
    parsed["entry"][0]["fullUrl"] = "urn:uuid:another"

    store(session, parsed)
    store(session, parsed, LATER)

    families = session.scalars(select(Practitioner.family).order_by(Practitioner.family))
    assert list(families) == ["Obi", "Weißmann41"]


def test_a_number_that_another_practitioner_has_leads_to_nobody(session: Session) -> None:
    directory = bundle("directory")
    _named("Obi", "Adaeze")(directory)
    store(session, directory)

    outcome = store(session, bundle("visitor"))

    assert session.scalars(select(Encounter.practitioner_id)).one() is None
    assert outcome.unresolved == 1
