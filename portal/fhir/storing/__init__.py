"""From plain facts to rows."""

from portal.fhir.storing.bundle import store_bundle
from portal.fhir.storing.outcome import Change, Kind, Outcome

__all__ = ["Change", "Kind", "Outcome", "store_bundle"]
