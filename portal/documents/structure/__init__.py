"""Whether a file keeps to its own format from its beginning to its end. Nothing is decoded here.

Each module has `begins(head)`, true when a file claims the format, and `check(file, size)`, which
raises a kind of `Unsuitable`. A hostile file costs a bounded number of steps.
"""
