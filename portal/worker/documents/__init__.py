"""What the worker does with documents: scan them, picture them, compare them, clear up after them."""
