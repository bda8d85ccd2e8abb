"""Clinics and their hours, weekly sessions, days off, extra clinics, and the slots made from them."""

from portal.schedules import (
    clinic_views,
    exception_views,
    practitioner_views,
    schedule_views,
)
from portal.schedules.views import views

__all__ = ["clinic_views", "exception_views", "practitioner_views", "schedule_views", "views"]
