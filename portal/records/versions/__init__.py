"""Every version of an entry of the record."""
