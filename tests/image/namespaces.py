"""Calls for Linux namespaces that Python 3.11 lacks."""

import ctypes
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEW_MOUNTS, NEW_NETWORK = 0x00020000, 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def in_network_of(pid: int) -> Iterator[None]:
    """Moves this thread, and the processes that it starts, into the network of that process."""
    with _namespace("thread-self") as own, _namespace(pid) as other:
        _checked(_libc.setns(other, NEW_NETWORK))
        try:
            yield
        finally:
            _checked(_libc.setns(own, NEW_NETWORK))


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """An empty folder whose content only this process and its children can see.

    The kernel removes the content when this process ends for any reason.
    """
    _checked(_libc.unshare(NEW_MOUNTS))
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    with tempfile.TemporaryDirectory(prefix="medicare-hub-image-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def _namespace(process: int | str) -> Iterator[int]:
    handle = os.open(f"/proc/{process}/ns/net", os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def _checked(status: int) -> None:
    if status:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
