"""The process beside the portal. Its jobs are in `jobs.py`; any number of workers may run."""
