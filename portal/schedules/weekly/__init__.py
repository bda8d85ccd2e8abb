"""The weekly sessions of a practitioner, and a single week with all exceptions."""
