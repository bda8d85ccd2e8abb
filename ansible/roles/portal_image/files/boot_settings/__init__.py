"""Fetch the portal's settings and secrets into memory before it starts: `python -m boot_settings`."""
