"""Known advisories about the packages that the lock files name, and whether they concern a locked version."""
