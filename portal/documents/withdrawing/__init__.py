"""Withdrawing a document that is wrong."""
