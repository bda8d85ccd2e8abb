"""What processes take of the machine."""

from pathlib import Path


def memory(*pids: int) -> int:
    """Bytes that these processes and their children hold."""
    return sum(_resident(one) for pid in pids for one in (pid, *children(pid)))


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024
