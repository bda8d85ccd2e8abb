"""The content of a bundle as plain values; their lengths fit the columns."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.patients.registration.rules import Demographics


@dataclass(frozen=True, slots=True)
class Identifier:
    """`value` is unique within `system`, a URI."""

    system: str
    value: str


@dataclass(frozen=True, slots=True)
class Link:
    """A reference: to an entry of the same bundle by its key, or to the owner of an identifier."""

    key: str | None = None
    identifier: Identifier | None = None
    display: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFacts:
    entry: str
    identifiers: tuple[Identifier, ...]
    demographics: Demographics
    deceased_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerFacts:
    entry: str
    identifiers: tuple[Identifier, ...]
    prefix: str
    given: str
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """An Organization or a Location."""

    entry: str
    identifiers: tuple[Identifier, ...]
    name: str
    city: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterFacts:
    """A finished encounter. `practitioners` and `places` are in order of preference."""

    entry: str
    identifier: Identifier
    patient: Link
    practitioners: tuple[Link, ...]
    places: tuple[Link, ...]
    class_code: str
    type_text: str
    reason_text: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(slots=True)
class BundleFacts:
    """One bundle.

    People and places are stored by the key that links use; `left_out` counts what is not read.
    `aliases` maps relative references (`Patient/12`) to keys.
    """

    patients: dict[str, PatientFacts] = field(default_factory=dict)
    practitioners: dict[str, PractitionerFacts] = field(default_factory=dict)
    places: dict[str, PlaceFacts] = field(default_factory=dict)
    encounters: list[EncounterFacts] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    aliases: dict[str, str] = field(default_factory=dict)
