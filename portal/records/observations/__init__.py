"""Vital signs and other measurements, and their trends."""
