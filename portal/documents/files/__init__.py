"""Serving the files, and handling damaged ones."""
