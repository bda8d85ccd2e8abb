"""Two records of one person: comparing, merging and separating them again."""
