"""Forms sent after the session had expired, stored until the same person signs in again."""
