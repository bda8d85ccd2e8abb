"""Who opened a patient's record, in words that patients understand."""
