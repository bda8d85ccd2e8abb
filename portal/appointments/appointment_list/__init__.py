"""A patient's appointments, one of them, and its calendar entry."""
