"""What an independent auditor, Prowler, finds in all that is built, and what people decided about it."""
