"""Clinics and their opening hours."""
