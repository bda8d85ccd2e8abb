"""Finding, booking and keeping appointments, and the clinic's day."""

from portal.appointments import (
    attendance_views,
    booking_views,
    day_views,
    finding_views,
    moving_views,
)
from portal.appointments.views import views

__all__ = [
    "attendance_views",
    "booking_views",
    "day_views",
    "finding_views",
    "moving_views",
    "views",
]
