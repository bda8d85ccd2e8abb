"""Sessions on one day, beside the weekly ones."""
