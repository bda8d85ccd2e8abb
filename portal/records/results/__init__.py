"""Laboratory results by panel: entering them, when patients see them, and trends."""
