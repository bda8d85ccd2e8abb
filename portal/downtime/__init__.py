"""The clinics' lists of today and tomorrow, which staff can read while the database is unavailable.

The worker writes them to the shared file system every few minutes, encrypted.
"""

from portal.downtime.views import views

__all__ = ["views"]
