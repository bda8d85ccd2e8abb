"""Appointments: finding a time, booking it, the patient's list, and the clinic's day."""
