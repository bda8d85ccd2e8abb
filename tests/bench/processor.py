"""How much processor time is used: by a served application, by the database, and by other programs."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_BUSY = (0, 1, 2, 5, 6, 7)
"""user, nice, system, irq, softirq, steal: fields of /proc/stat (proc(5))."""


@dataclass(frozen=True)
class Spent:
    """Processor time in seconds, to 10 ms: since the start, or between two readings."""

    application: float
    """gunicorn and its workers."""
    database: float
    others: float
    """All programs of this machine but those two and the bench itself."""

    @classmethod
    def by(cls, application: int, database: int) -> "Spent":
        """`application` and `database` are process ids."""
        served = sum(_of_process(one) for one in (application, *_children(application)))
        server, bench = _of_process(database), _of_process(os.getpid())
        return cls(served, server, _of_machine() - served - server - bench)

    def since(self, before: "Spent") -> "Spent":
        return Spent(
            self.application - before.application,
            self.database - before.database,
            self.others - before.others,
        )


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _of_process(pid: int) -> float:
    # The second field is the program's name in brackets, and may itself hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _of_machine() -> float:
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return sum(int(fields[place]) for place in _BUSY) / _TICK
