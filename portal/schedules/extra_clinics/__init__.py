"""Sessions on a single day, besides the weekly ones."""
