"""Checks the kind and the safety of a file, and makes its thumbnail."""
