"""Results of the laboratory, by panel: how they are entered, when patients see them, and their trends."""
