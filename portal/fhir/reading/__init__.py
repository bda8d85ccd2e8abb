"""From a file to plain facts. Knows nothing of the portal's tables."""

from portal.fhir.reading.bundle import read_bundle
from portal.fhir.reading.files import bundle_files, parsed_file

__all__ = ["bundle_files", "parsed_file", "read_bundle"]
