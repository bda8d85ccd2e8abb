"""Documents: letters, pictures and results that people attach to a patient's record.

Received on the shared file system, judged by their content, scanned, pictured, and shown to those who may.
"""

from portal.documents import adding_views, file_views, review_views, withdrawing_views
from portal.documents.views import views

__all__ = ["adding_views", "file_views", "review_views", "views", "withdrawing_views"]
