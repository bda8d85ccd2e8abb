"""A patient's own pages: their home, their record as staff see it, their past visits."""
