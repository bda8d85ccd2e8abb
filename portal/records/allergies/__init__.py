"""Allergies, and the statement that a patient has none."""
