"""A transaction Bundle, entry by entry, into plain facts. Pure: nothing is looked up or kept."""

from dataclasses import dataclass
from datetime import datetime

from portal.fhir.facts import BundleFacts, Identifier
from portal.fhir.foreign import ForeignBundle
from portal.fhir.reading import encounters, people, places
from portal.fhir.reading.elements import Element
from portal.fhir.reading.versions import refuse_other_versions
from portal.settings.hospital import Hospital

READ_KINDS = frozenset({"Patient", "Practitioner", "Organization", "Location", "Encounter"})
NOT_PAST = "Encounter that is not finished"
ID_LENGTH = 64
_METHODS = frozenset({"POST", "PUT"})


@dataclass(frozen=True)
class _Entry:
    label: str
    full_url: str | None
    kind: str
    resource: Element
    resource_id: str | None

    @property
    def key(self) -> str:
        return self.full_url or self.label


def read_bundle(parsed: object, *, hospital: Hospital, now: datetime) -> BundleFacts:
    """The facts of a parsed JSON document; raises `ForeignBundle` with the entry and the reason."""
    try:
        return _read(_entries(_opened(parsed)), hospital, now)
    except RecursionError:
        raise ForeignBundle("it is nested too deeply") from None


def _opened(parsed: object) -> Element:
    if not isinstance(parsed, dict):
        raise ForeignBundle("it is JSON, but not a FHIR resource")
    bundle = Element(parsed, "Bundle")
    kind = bundle.text("resourceType")
    if kind != "Bundle":
        raise ForeignBundle("it is a single resource, not a Bundle" if kind else "it is not FHIR")
    found = bundle.text("type")
    if found != "transaction":
        raise bundle.misfit("type", "is not transaction; only transaction Bundles are read")
    return bundle


def _entries(bundle: Element) -> list[_Entry]:
    elements = bundle.children("entry")
    if not elements:
        raise ForeignBundle("it has no entries")
    entries, first_of = [], dict[str, str]()
    for number, element in enumerate(elements, 1):
        entry = _entry(number, element)
        if entry.key in first_of:
            raise ForeignBundle(f"it has the same fullUrl as {first_of[entry.key]}", entry.label)
        first_of[entry.key] = entry.label
        entries.append(entry)
    return entries


def _entry(number: int, element: Element) -> _Entry:
    label = f"entry {number}"
    try:
        resource = element.child("resource")
        kind = resource.text("resourceType") if resource else None
        if resource is None or kind is None:
            raise ForeignBundle("it holds no resource")
        refuse_other_versions(Element(resource.values, kind), kind)
        resource_id = resource.text("id", ID_LENGTH)
        label = _label(number, kind, resource_id)
        request = element.child("request")
        if request is None or request.text("method") not in _METHODS:
            raise ForeignBundle("its request.method is neither POST nor PUT")
        return _Entry(
            label, element.text("fullUrl"), kind, Element(resource.values, kind), resource_id
        )
    except ForeignBundle as error:
        raise ForeignBundle(error.reason, error.entry or label) from None


def _label(number: int, kind: str, resource_id: str | None) -> str:
    return f"entry {number} ({kind}/{resource_id})" if resource_id else f"entry {number} ({kind})"


def _read(entries: list[_Entry], hospital: Hospital, now: datetime) -> BundleFacts:
    facts = BundleFacts()
    for entry in entries:
        try:
            _take(entry, facts, hospital, now)
            if entry.resource_id:
                facts.aliases[f"{entry.kind}/{entry.resource_id}"] = entry.key
        except ForeignBundle as error:
            raise ForeignBundle(error.reason, entry.label) from None
    _refuse_doubles(facts)
    return facts


def _take(entry: _Entry, facts: BundleFacts, hospital: Hospital, now: datetime) -> None:
    resource, label, full_url = entry.resource, entry.label, entry.full_url
    match entry.kind:
        case "Patient":
            today = hospital.today(now)
            facts.patients[entry.key] = people.patient(
                resource, entry=label, full_url=full_url, today=today
            )
        case "Practitioner":
            facts.practitioners[entry.key] = people.practitioner(
                resource, entry=label, full_url=full_url
            )
        case "Organization" | "Location":
            facts.places[entry.key] = places.place(resource, entry=label, full_url=full_url)
        case "Encounter" if encounters.is_past(resource):
            facts.encounters.append(
                encounters.encounter(
                    resource, entry=label, full_url=full_url, hospital=hospital, now=now
                )
            )
        case "Encounter":
            facts.left_out[NOT_PAST] += 1
        case kind:
            facts.left_out[kind] += 1


def _refuse_doubles(facts: BundleFacts) -> None:
    """The same patient or encounter twice in a bundle: it is not clear which one is meant."""
    first_of: dict[tuple[str, Identifier], str] = {}
    claims = [
        ("Patient", identifier, patient.entry)
        for patient in facts.patients.values()
        for identifier in patient.identifiers
    ] + [("Encounter", past.identifier, past.entry) for past in facts.encounters]
    for kind, identifier, entry in claims:
        if (kind, identifier) in first_of:
            other = first_of[kind, identifier]
            raise ForeignBundle(f"it has an identifier that {other} has too", entry)
        first_of[kind, identifier] = entry
