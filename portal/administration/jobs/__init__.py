"""The worker's background jobs: whether it runs, and which of them keep failing."""
