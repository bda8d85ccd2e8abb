"""Slots: planning them from schedules, making them, and taking them out."""
