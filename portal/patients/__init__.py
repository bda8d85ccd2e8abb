"""Patients: finding, registering, changing and merging them, and who acts for them."""
