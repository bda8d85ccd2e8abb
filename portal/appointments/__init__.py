"""Finding, booking and keeping appointments, and the clinic's day."""

from portal.appointments import booking_views, finding_views, moving_views
from portal.appointments.views import views

__all__ = ["booking_views", "finding_views", "moving_views", "views"]
