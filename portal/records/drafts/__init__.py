"""Writing a note about a visit: the draft, which is saved while the author types, and signing it."""
