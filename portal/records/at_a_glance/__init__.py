"""The facts around a record: today's visit, other visits, documents, and reminders."""
