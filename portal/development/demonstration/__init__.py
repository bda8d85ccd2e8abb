"""A demonstration hospital, and the one command that starts it. Nobody in it is real."""
