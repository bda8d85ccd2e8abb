from portal.home.views import views

__all__ = ["views"]
