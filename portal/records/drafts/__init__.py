"""Writing a note about a visit: the draft, which is saved while somebody types, and signing it."""
