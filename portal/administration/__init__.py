"""The administrator's work: staff accounts, and notices that did not go."""

from flask import Flask

from portal.administration import notice_views, staff_views
from portal.administration.directory import Directory
from portal.administration.user_pool import UserPool
from portal.administration.views import views
from portal.config import Settings

__all__ = ["install", "notice_views", "staff_views", "views"]


def install(app: Flask, settings: Settings) -> None:
    pool = None
    if settings.user_pool_id:
        pool = UserPool(settings.user_pool_id, settings.user_pool_endpoint)
    provider = settings.sign_in
    app.extensions[staff_views.DIRECTORY] = Directory(pool, provider.issuer, provider.role_of_group)
