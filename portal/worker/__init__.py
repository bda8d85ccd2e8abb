"""The process beside the portal. What it does is in `jobs.py`; any number of workers may run."""
