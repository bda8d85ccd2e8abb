"""Exceptions from the weekly sessions: listing and ending them."""
