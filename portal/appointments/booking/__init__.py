"""Holding a time, booking it, moving an appointment and cancelling it."""
