"""Practitioners and the clinics that they work in (FHIR PractitionerRole)."""
