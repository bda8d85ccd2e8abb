"""What patients are told by email. Features announce it in their own transaction; the worker sends it."""
