"""The versions of an entry of the record."""
