"""Rejected and damaged files, for the administrator."""
