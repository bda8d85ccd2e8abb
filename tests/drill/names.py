"""The region's name server: dnsmasq. Its answers are valid for a second (those of RDS for five)."""

import signal
from pathlib import Path

from tests.drill.network import address
from tests.drill.programs import Program, Programs

PLACE = "region"


class NameServer:
    """Answers from one hosts file, which can be rewritten at any time."""

    def __init__(self, programs: Programs) -> None:
        self._hosts = programs.folder / "hosts"
        self._named: dict[str, str] = {}
        self._program: Program | None = None
        self._programs = programs

    def start(self) -> None:
        self._write()
        self._program = self._programs.start(
            "names",
            PLACE,
            *("dnsmasq", "--keep-in-foreground", "--user=root", "--pid-file="),
            *("--no-resolv", "--no-hosts", "--local-ttl=1", "--bind-interfaces"),
            *(f"--listen-address={address(PLACE)}", f"--addn-hosts={self._hosts}"),
        )

    def point(self, name: str, to: str) -> None:
        """From now on, the name has this address."""
        self._named[name] = to
        self._write()
        self._tell(signal.SIGHUP)

    def stop_answering(self) -> None:
        """No question gets an answer, not even a refusal."""
        self._tell(signal.SIGSTOP)

    def answer_again(self) -> None:
        self._tell(signal.SIGCONT)

    def _tell(self, number: signal.Signals) -> None:
        if self._program is not None:
            self._program.tell(number)

    def _write(self) -> None:
        lines = "".join(f"{to} {name}\n" for name, to in self._named.items())
        draft = Path(f"{self._hosts}.new")
        draft.write_text(lines)
        draft.rename(self._hosts)
