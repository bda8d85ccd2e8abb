"""The worker's jobs for documents: scanning, thumbnails, comparing, and cleaning up."""
