"""Sessions as rows: the list of a person's sessions, and signing out of one or all."""
