"""The clinical record: a room for each kind of entry, and the summary."""
