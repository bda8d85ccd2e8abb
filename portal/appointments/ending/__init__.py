"""Cancelling all future appointments and messages of a patient who has died."""
