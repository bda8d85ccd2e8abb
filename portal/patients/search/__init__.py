"""The search box: reading what was typed, the search terms, and finding patients."""
