"""Registering patients, and changing what is kept about them."""
