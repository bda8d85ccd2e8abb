"""Registering patients, and changing their details."""
