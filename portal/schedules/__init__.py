"""Clinics and their hours, practitioners' sessions, days off, extra clinics, and the slots made from them."""
