"""FHIR R4 in: people, places and past encounters of transaction Bundles."""
