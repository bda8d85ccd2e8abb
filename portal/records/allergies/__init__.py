"""Allergies, and the statement that there are none."""
