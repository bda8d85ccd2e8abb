"""How often staff are rechecked."""

from datetime import timedelta

RECHECK_EVERY = timedelta(minutes=15)
AT_ONCE = 50
"""How many sessions one batch has."""
LONGEST_TOKEN = 10_000
"""In characters. Amazon Cognito's tokens have about 2,000."""
