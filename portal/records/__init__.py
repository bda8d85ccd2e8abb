"""The clinical record: one package per kind of entry, and the summary."""
