"""Sending what is in the outbox. docs/notices.md says what is promised and why not more."""
