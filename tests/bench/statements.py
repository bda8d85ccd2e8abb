"""Counts the SQL statements that MariaDB receives."""

from dataclasses import dataclass

from tests.mariadb import Server


@dataclass(frozen=True)
class Statements:
    """Counts since the server started, or the difference between two counts."""

    queries: float
    """All other statements."""
    commits: float
    rollbacks: float

    @classmethod
    def counted_by(cls, server: Server) -> "Statements":
        counts = {
            name.lower(): int(value)
            for name, value in server.execute(
                "SHOW GLOBAL STATUS WHERE Variable_name IN"
                " ('Questions', 'Com_commit', 'Com_rollback', 'Com_show_status')"
            )
        }
        commits, rollbacks = counts["com_commit"], counts["com_rollback"]
        others = counts["questions"] - commits - rollbacks - counts["com_show_status"]
        return cls(others, commits, rollbacks)

    def each(self, since: "Statements", requests: int) -> "Statements":
        """The average per request since then, for this many requests."""
        return Statements(
            (self.queries - since.queries) / requests,
            (self.commits - since.commits) / requests,
            (self.rollbacks - since.rollbacks) / requests,
        )

    def __str__(self) -> str:
        return f"{self.queries:.3g} + {self.commits:.2g}"
