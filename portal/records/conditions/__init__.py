"""Problems (Condition)."""
