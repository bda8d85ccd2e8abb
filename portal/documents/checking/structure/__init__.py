"""Checks whether a file follows its format from beginning to end. Nothing is decoded here.

Libraries such as Pillow and pypdfium2 are not used, because they decode untrusted content, which is allowed
only in the sandbox.

Each module has `begins(head)`, true when a file claims the format, and `check(file, size)`, which raises a
subclass of `Unsuitable`. The number of steps is bounded for hostile files.
"""
