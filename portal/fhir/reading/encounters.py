"""Reading a finished Encounter."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.fhir.facts import EncounterFacts, Link
from portal.fhir.reading import dates
from portal.fhir.reading.elements import Element
from portal.fhir.reading.identifiers import first_text, identifiers_or_uri, link
from portal.settings.hospital import Hospital

CODE_LENGTH, TEXT_LENGTH = 16, 255
PRIMARY_PERFORMER = "PPRF"
_STATUSES = frozenset(
    {
        *("planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled"),
        *("entered-in-error", "unknown"),
    }
)
_CLOCKS_APART = timedelta(minutes=10)


def is_past(resource: Element) -> bool:
    """Whether it is finished, and so part of the history. Raises `ForeignBundle` on an unknown status."""
    status = resource.text("status")
    if status not in _STATUSES:
        raise resource.misfit("status", "is missing or not a status of FHIR R4")
    return status == "finished"


def encounter(
    resource: Element, *, entry: str, full_url: str | None, hospital: Hospital, now: datetime
) -> EncounterFacts:
    started_at, ended_at = _period(resource, hospital, now)
    subject = resource.child("subject")
    patient = link(subject) if subject else None
    if patient is None:
        raise resource.misfit("subject", "is missing or leads nowhere")
    return EncounterFacts(
        entry=entry,
        identifier=identifiers_or_uri(resource, full_url)[0],
        patient=patient,
        practitioners=tuple(_practitioners(resource)),
        places=tuple(_places(resource)),
        class_code=_class(resource),
        type_text=first_text(resource.children("type"), TEXT_LENGTH),
        reason_text=first_text(resource.children("reasonCode"), TEXT_LENGTH),
        started_at=started_at,
        ended_at=ended_at,
    )


def _period(
    resource: Element, hospital: Hospital, now: datetime
) -> tuple[datetime, datetime | None]:
    period = resource.child("period")
    started_at = dates.instant(period, "start", hospital) if period else None
    if period is None or started_at is None:
        raise resource.misfit("period", "has no start, so it has no place in the history")
    ended_at = dates.instant(period, "end", hospital)
    if ended_at is not None and ended_at < started_at:
        raise period.misfit("end", "lies before its start")
    if (ended_at or started_at) > now + _CLOCKS_APART:
        raise period.misfit("end", "lies in the future, though the encounter is finished")
    return started_at, ended_at


def _class(resource: Element) -> str:
    coding = resource.child("class")
    code = coding.text("code", CODE_LENGTH) if coding else None
    if code is None:
        raise resource.misfit("class", "has no code")
    return code


def _practitioners(resource: Element) -> Iterator[Link]:
    """The participants, the primary performer first."""
    participants = resource.children("participant")
    participants.sort(key=lambda participant: not _is_primary(participant))
    for participant in participants:
        individual = participant.child("individual")
        if individual and (found := link(individual)):
            yield found


def _is_primary(participant: Element) -> bool:
    return any(
        coding.text("code") == PRIMARY_PERFORMER
        for concept in participant.children("type")
        for coding in concept.children("coding")
    )


def _places(resource: Element) -> Iterator[Link]:
    """Where it was: the location if there is one, otherwise the organization."""
    for location in resource.children("location"):
        reference = location.child("location")
        if reference and (found := link(reference)):
            yield found
    provider = resource.child("serviceProvider")
    if provider and (found := link(provider)):
        yield found
