"""Everything that differs from the weekly sessions: listing it, and ending it."""
