"""Appointments that leave or a closure made impossible."""
