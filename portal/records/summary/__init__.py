"""The summary of a patient's record."""
