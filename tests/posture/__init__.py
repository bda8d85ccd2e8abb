"""What an independent scanner, Prowler, finds in all that is built, and what people decided about it."""
