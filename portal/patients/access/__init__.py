"""Whose account opens whose record: one-time codes, and people who act for a patient."""
