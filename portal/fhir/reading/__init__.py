"""From a file to plain facts, without the portal's tables.

Without a model library such as fhir.resources: see docs/decisions/fhir-without-a-model-library.md.
"""

from portal.fhir.reading.bundle import read_bundle
from portal.fhir.reading.files import bundle_files, parsed_file

__all__ = ["bundle_files", "parsed_file", "read_bundle"]
