"""Ending everything that lies ahead for somebody who has died."""
