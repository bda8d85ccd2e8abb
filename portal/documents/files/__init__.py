"""Opening the files themselves, and what happens when one is damaged."""
