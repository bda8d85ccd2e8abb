"""The day of an appointment: check in, start, finish, mark as missed, and undo."""
