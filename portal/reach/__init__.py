"""What an actor may see: the rows of a list (`scope`), and the single row that a page is about (`lookup`)."""
