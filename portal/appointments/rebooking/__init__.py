"""Appointments that can't take place because of leave or a closure."""
