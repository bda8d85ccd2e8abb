"""ClamAV scans files, alone and inside others. Without its result, files wait."""

import io
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from portal.documents.checking import scanning
from portal.documents.checking.scanning import ScannerAway, answers, scan, signatures_of
from portal.shared_files import SharedFiles
from tests.clamd import EICAR, SIGNATURE, running_clamd
from tests.documents.checking import samples

INFECTED: dict[str, Callable[[], bytes]] = {
    "alone": lambda: EICAR,
    "in a text": lambda: b"Dear Dr. Patel,\n" + EICAR,
    "in a DOCX": lambda: samples.a_docx({"word/media/picture.png": EICAR}),
    "in an archive in a DOCX": lambda: samples.a_docx(
        {"word/embeddings/a.zip": samples.an_archive({"a.com": EICAR})}
    ),
    "attached to a PDF": lambda: samples.a_pdf(attachment=EICAR),
    "behind a picture": lambda: samples.a_picture("JPEG") + EICAR,
}
CLEAN: dict[str, Callable[[], bytes]] = {
    "text": lambda: b"Dear Dr. Patel,",
    "DOCX": samples.a_docx,
    "PDF": lambda: samples.a_pdf(attachment=b"harmless"),
    "JPEG": lambda: samples.a_picture("JPEG"),
    "25 MB": lambda: os.urandom(25 * 1024 * 1024),
}


@pytest.mark.parametrize("where", INFECTED)
def test_finds_the_test_virus(clamd: str, where: str) -> None:
    found = scan(io.BytesIO(INFECTED[where]()), address=clamd)

    assert found == f"{SIGNATURE}.UNOFFICIAL"


@pytest.mark.parametrize("what", CLEAN)
def test_finds_nothing_in_what_is_clean(clamd: str, what: str) -> None:
    assert scan(io.BytesIO(CLEAN[what]()), address=clamd) is None


def test_scans_from_the_shared_files(clamd: str, plain_store: SharedFiles) -> None:
    with plain_store.begin(limit=10**6) as writer:
        writer.write(INFECTED["in a DOCX"]())
        stored = writer.finish()
    with plain_store.open(stored) as reader:
        assert scan(reader, address=clamd)
        assert not reader.closed


def test_without_a_scanner_a_file_waits(tmp_path: Path) -> None:
    for address in (str(tmp_path / "none"), "127.0.0.1:1"):
        assert not answers(address)
        with pytest.raises(ScannerAway, match="waits until it has been checked"):
            scan(io.BytesIO(EICAR), address=address)


def test_a_scanner_that_dies_and_comes_back() -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "first").mkdir()
        with running_clamd(Path(folder) / "first") as address:
            assert answers(address)
        assert not answers(address)
        with pytest.raises(ScannerAway):
            scan(io.BytesIO(EICAR), address=address)
        (Path(folder) / "second").mkdir()
        with running_clamd(Path(folder) / "second") as address:
            assert scan(io.BytesIO(EICAR), address=address)


@contextmanager
def scanner_that_says(answer: bytes | None, *, asked: bytes = b"\0\0\0\0") -> Iterator[str]:
    """A server that reads up to the end of a file or `asked`, and then sends this answer, or none."""

    def talk() -> None:
        with listener.accept()[0] as connection:
            while not connection.recv(65536).endswith(asked):
                pass
            if answer is None:
                connection.recv(1)
            else:
                connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=talk)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xfe\n",
        b"stream: lstat() failed ERROR\n",
        b"INSTREAM size limit exceeded. ERROR\n",
        b"COMMAND READ TIMED OUT\n",
        b"another: OK\n",
    ],
)
def test_only_a_clear_answer_counts(answer: bytes) -> None:
    with scanner_that_says(answer) as address, pytest.raises(ScannerAway):
        scan(io.BytesIO(b"text"), address=address)


def test_a_scanner_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "ANSWER_SECONDS", 0.2)
    with scanner_that_says(None) as address, pytest.raises(ScannerAway):
        scan(io.BytesIO(b"text"), address=address)


@pytest.mark.parametrize(
    ("answer", "made"),
    [
        (b"ClamAV 1.4.3/27800/Tue Nov  3 09:00:00 2026", datetime(2026, 11, 3, 9, tzinfo=UTC)),
        (b"ClamAV 1.4.3/27800/tomorrow", None),
        (b"ClamAV 1.4.3", None),
        (b"", None),
    ],
)
def test_a_scanner_says_how_old_its_signatures_are(answer: bytes, made: datetime | None) -> None:
    with scanner_that_says(answer, asked=b"VERSION\n") as address:
        assert signatures_of(address) == made


def test_signatures_of_our_own_have_no_date(clamd: str, tmp_path: Path) -> None:
    assert signatures_of(clamd) is None
    assert signatures_of(str(tmp_path / "none")) is None


def test_a_file_that_takes_too_long_waits(clamd: str) -> None:
    with pytest.raises(ScannerAway):
        scan(io.BytesIO(bytes(5000)), address=clamd, seconds=-1)
