"""The administrator's work: staff accounts, and what runs in the background."""
