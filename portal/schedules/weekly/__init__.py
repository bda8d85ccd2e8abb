"""The weekly sessions of a practitioner, and one week with all exceptions."""
