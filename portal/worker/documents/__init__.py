"""What the worker does with documents: scan, make thumbnails, compare, and clear up."""
