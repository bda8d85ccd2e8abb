"""Clinics and their hours, who works when, days off, extra clinics, and the slots made from them."""
