"""Whether a file follows its own format from beginning to end. Nothing is decoded here.

Without libraries that can check this, such as Pillow and pypdfium2: they decode untrusted content,
which must happen only in the sandbox.

Each module has `begins(head)`, true when a file claims the format, and `check(file, size)`, which
raises a kind of `Unsuitable`. A hostile file costs a bounded number of steps.
"""
