"""The family from the patients' tests, and their browsers."""

from tests.patients.conftest import doctor, family, mother, reception, stranger

__all__ = ["doctor", "family", "mother", "reception", "stranger"]
