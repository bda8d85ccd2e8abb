"""Sending the notices of the outbox. docs/notices.md has the guarantees and their limits."""
