"""The process beside the portal: makes slots ahead, sends notices, sweeps. Any number may run."""
