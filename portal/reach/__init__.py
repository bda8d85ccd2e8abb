"""What an actor may see: the rows of a list (`scope`), and the one thing that a page is about
(`lookup`).
"""
