"""What staff can still read while the database is away: the clinics' lists of today and tomorrow.

The worker writes them every few minutes, encrypted, to the shared file system.
"""

from portal.downtime.views import views

__all__ = ["views"]
