"""Writes uploaded files directly to the shared file system while they arrive.

The portal never has them in memory or on its own disk. A view that takes files says so in its mark; only its
requests may be longer than a form.
"""

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

from flask import Flask, Request, current_app, request

from portal.errors import PortalError, Unavailable
from portal.settings.hospital import FIELDS_BYTES
from portal.shared_files import SharedFiles, StoredFile
from portal.telemetry.measures import UPLOAD, measured
from portal.web.pages import page_of
from portal.web.upload_gate import Gate, Unasked

FIELDS = 40
"""The most fields of a form without its files. A field may be longer than one read of the parser."""

T = TypeVar("T")


def install(app: Flask) -> None:
    """Call it after all routes are registered, before the guard."""
    taking = {
        endpoint: mark.deed
        for endpoint, view in app.view_functions.items()
        if (mark := page_of(view)) and mark.takes_files and mark.deed
    }
    hospital, unasked = app.extensions["settings"].hospital, Unasked()
    app.request_class = UploadRequest

    @app.url_value_preprocessor
    def let_files_in(endpoint: str | None, _: dict[str, Any] | None) -> None:
        if endpoint in taking and request.method == "POST":
            _arriving().let_in(Gate(hospital, taking[endpoint], unasked), store())


def store() -> SharedFiles:
    return cast("SharedFiles", current_app.extensions["shared_files"])


def arrivals() -> list["Arrival"]:
    """The files of this request, in form order. Reads the request to its end."""
    _ = request.files
    return _arriving().arrivals


def measure(arrival: "Arrival") -> None:
    """Writes the metric of the file, with its outcome."""
    outcome = "refused" if arrival.fault else "kept"
    if isinstance(arrival.fault, Unavailable):
        outcome = "resting"
    size = arrival.stored.size if arrival.stored else 0
    measured(UPLOAD, Uploads=1, UploadSize=size, Outcome=outcome)


def _arriving() -> "UploadRequest":
    return cast("UploadRequest", request)


class Unwanted(io.RawIOBase):
    """A stream that discards a part of the request."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:  # noqa: ARG002
        """Called by the parser at the end of the part."""
        return 0


class Arrival(Unwanted):
    """A file that is being uploaded; Werkzeug's parser writes to it.

    It never raises, because the other fields and files must still be read. `fault` says what went wrong;
    `stored` is set when the file is complete.
    """

    def __init__(
        self, name: str, store: SharedFiles, limit: int, fault: PortalError | None
    ) -> None:
        self.name, self.fault = name, fault
        self.stored: StoredFile | None = None
        self._store, self._writer, self._wanted = store, store.begin(limit=limit), False

    def write(self, data: Any, /) -> int:
        self._try(lambda: self._writer.write(data))
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self.stored = self.stored or self._try(self._writer.finish)
        return super().seek(offset, whence)

    def keep(self) -> None:
        """Keeps the file for a form that will be sent again; otherwise it is removed after the request."""
        self._wanted = True

    def close(self) -> None:
        if not self.closed:
            self._writer.close()
            if self.stored and not self._wanted:
                with suppress(PortalError):
                    self._store.remove(self.stored.name)
        super().close()

    def _try(self, step: Callable[[], T]) -> T | None:
        if self.fault is None:
            try:
                return step()
            except PortalError as fault:
                self.fault = fault
        return None


class UploadRequest(Request):
    """Flask's request, which writes files to the shared file system if the view takes them."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.arrivals: list[Arrival] = []
        self._takers: tuple[Gate, SharedFiles] | None = None

    def let_in(self, gate: Gate, store: SharedFiles) -> None:
        self._takers, hospital = (gate, store), gate.hospital
        self.max_content_length = hospital.upload_bytes
        self.max_form_memory_size = FIELDS_BYTES
        self.max_form_parts = hospital.documents_at_once + FIELDS

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> Any:
        if self._takers is None:
            return super()._get_file_stream(
                total_content_length, content_type, filename, content_length
            )
        if not filename:
            return Unwanted()  # no file was chosen
        gate, store = self._takers
        refusal = gate.refusal(len(self.arrivals))
        arrival = Arrival(filename, store, gate.hospital.document_bytes, refusal)
        self.arrivals.append(arrival)
        return arrival

    def close(self) -> None:
        for arrival in self.arrivals:
            arrival.close()
        super().close()
