"""The family of the tests about patients, and their browsers."""

from tests.patients.conftest import doctor, family, mother, reception, stranger

__all__ = ["doctor", "family", "mother", "reception", "stranger"]
