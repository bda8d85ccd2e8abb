"""The settings: the environment, read once at the start, and the hospital's own figures."""
