"""Checking with the provider whether signed-in staff may still use the portal."""
