"""The slots: the plan that they are made from, making them, and taking them out."""
