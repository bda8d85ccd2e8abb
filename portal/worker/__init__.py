"""The background worker. Its jobs are in `jobs.py`; any number of workers may run."""
