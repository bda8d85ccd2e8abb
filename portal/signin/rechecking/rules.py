"""How often staff are checked again."""

from datetime import timedelta

RECHECK_EVERY = timedelta(minutes=15)
AT_ONCE = 50
"""How many sessions one portion of work takes."""
LONGEST_TOKEN = 10_000
"""In characters. Amazon Cognito's have some 2,000."""
