"""A clinic's day, on the screen and on paper."""
