"""What stands around a record: the visit of the day, other visits, documents, what to keep in mind."""
