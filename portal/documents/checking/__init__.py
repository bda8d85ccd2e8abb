"""What a file really is, whether it is harmless, and a small picture of it."""
