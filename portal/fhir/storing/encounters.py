"""Past encounters of a bundle into rows, each once by its identifier."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import insert, select, tuple_

from portal.context import Context
from portal.fhir.facts import BundleFacts, EncounterFacts, Identifier, Link
from portal.fhir.foreign import ForeignBundle, PatientNotKnown
from portal.fhir.storing import patients, places, practitioners
from portal.fhir.storing.known import BATCH, Known, batches, bearers
from portal.fhir.storing.outcome import Change, Kind, Outcome
from portal.models import (
    Encounter,
    LocationIdentifier,
    Patient,
    PatientIdentifier,
    PractitionerIdentifier,
)
from portal.models.base import table_of
from portal.vocabulary import EncounterStatus

_INSERT = insert(table_of(Encounter))


class Stored(NamedTuple):
    """The ids of the bundle's patients, practitioners and places, by the keys that links use."""

    patients: dict[str, int]
    practitioners: dict[str, int]
    places: dict[str, int]


def store_encounters(
    context: Context, facts: BundleFacts, stored: Stored, outcome: Outcome
) -> dict[Patient, int]:
    """Adds new encounters and completes known ones. Returns how many it wrote for each patient."""
    return _EncounterStore(context, facts, stored).store(outcome)


class _EncounterStore:
    """The encounters of one bundle, whose patients, practitioners and places are stored already."""

    def __init__(self, context: Context, facts: BundleFacts, stored: Stored) -> None:
        self._session, self._facts = context.session, facts
        past = facts.encounters
        self._patients = self._known(
            stored.patients, PatientIdentifier, patients.COLUMNS, [one.patient for one in past]
        )
        self._practitioners = self._known(
            stored.practitioners,
            PractitionerIdentifier,
            practitioners.COLUMNS,
            [link for one in past for link in one.practitioners],
        )
        self._places = self._known(
            stored.places,
            LocationIdentifier,
            places.COLUMNS,
            [link for one in past for link in one.places],
        )

    def store(self, outcome: Outcome) -> dict[Patient, int]:
        there = self._there()
        written: dict[Patient, int] = {}
        new = []
        for encounter in self._facts.encounters:
            patient = self._patient(encounter)
            columns = self._columns(encounter, patient, outcome)
            row = there.get(encounter.identifier)
            change = self._complete(encounter, row, columns) if row else Change.ADDED
            if row is None:
                new.append(columns)
            if change is not Change.UNCHANGED:
                written[patient] = written.get(patient, 0) + 1
            outcome.count(Kind.ENCOUNTER, change)
        self._session.flush()
        if new:
            self._session.execute(_INSERT, new)
        return written

    def _known(self, own: dict[str, int], table: Any, columns: Any, links: Sequence[Link]) -> Known:
        asked = {link.identifier for link in links if link.identifier}
        return Known(own, self._facts.aliases, bearers(self._session, table, columns, asked))

    def _there(self) -> dict[Identifier, Encounter]:
        identifiers = [encounter.identifier for encounter in self._facts.encounters]
        pair = tuple_(Encounter.identifier_system, Encounter.identifier_value)
        return {
            Identifier(str(row.identifier_system), str(row.identifier_value)): row
            for batch in batches(identifiers, BATCH)
            for row in self._session.scalars(
                select(Encounter).where(pair.in_([(one.system, one.value) for one in batch]))
            )
        }

    def _patient(self, encounter: EncounterFacts) -> Patient:
        found = self._patients.find(encounter.patient)
        if found is None:
            raise PatientNotKnown(
                "its patient is neither in this bundle nor known by an identifier", encounter.entry
            )
        return patients.kept_record(self._session, found)

    def _columns(
        self, encounter: EncounterFacts, patient: Patient, outcome: Outcome
    ) -> dict[str, Any]:
        practitioner_id = self._practitioners.first(encounter.practitioners)
        location_id = self._places.first(encounter.places)
        if (encounter.practitioners and practitioner_id is None) or (
            encounter.places and location_id is None
        ):
            outcome.unresolved += 1
        return {
            "patient_id": patient.id,
            "practitioner_id": practitioner_id,
            "location_id": location_id,
            "status": EncounterStatus.FINISHED,
            "class_code": encounter.class_code,
            "type_text": encounter.type_text,
            "reason_text": encounter.reason_text,
            "started_at": encounter.started_at,
            "ended_at": encounter.ended_at,
            "identifier_system": encounter.identifier.system,
            "identifier_value": encounter.identifier.value,
        }

    def _complete(
        self, encounter: EncounterFacts, row: Encounter, columns: dict[str, Any]
    ) -> Change:
        """Updates a row; values missing in this bundle are kept."""
        if patients.kept_record(self._session, row.patient_id).id != columns["patient_id"]:
            raise ForeignBundle(
                "it has an identifier that belongs to another patient's encounter", encounter.entry
            )
        differing = {
            name: value
            for name, value in columns.items()
            if name != "patient_id" and value is not None and getattr(row, name) != value
        }
        for name, value in differing.items():
            setattr(row, name, value)
        return Change.UPDATED if differing else Change.UNCHANGED
