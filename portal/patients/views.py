"""Every page about people."""

from portal.patients import (
    account_code_views,
    changing_views,
    merging_views,
    proxy_views,
    record_views,
    register_views,
    search_views,
)
from portal.patients.base_views import views

__all__ = [
    "account_code_views",
    "changing_views",
    "merging_views",
    "proxy_views",
    "record_views",
    "register_views",
    "search_views",
    "views",
]
