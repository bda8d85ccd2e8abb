"""Emails to patients and staff. Features write them in their own transaction; the worker sends them."""
