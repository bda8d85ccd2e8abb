"""Sending what stands in the outbox. docs/notices.md says what is promised, and why no more."""
