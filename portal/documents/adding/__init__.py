"""Adding documents: files are received, described, and kept."""
