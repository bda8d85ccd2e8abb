"""Asking the provider again whether staff who are signed in may still be here."""
