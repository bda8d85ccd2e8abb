"""Files that come with a form: while they arrive they go straight to the shared file system.

They are never held in memory or on the instance's own disk. A view that takes files says so with
`takes_files`; only there may a request be longer than a form.
"""

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

from flask import Flask, Request, current_app, request, session

from portal.errors import PortalError, Refused, Unavailable
from portal.hospital import Hospital
from portal.measures import UPLOAD, measured
from portal.shared_files import SharedFiles, StoredFile

MEGABYTE = 1_000_000
FIELDS, FIELD_BYTES = 40, 150_000
"""What a form may say beside its files, which is held in memory; a field is longer than what the parser
reads at once."""

T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Any])

_TAKES_FILES = "__takes_files__"


def takes_files(view: View) -> View:
    """Lets the view's POSTs bring files, as many and as long as the hospital allows."""
    setattr(view, _TAKES_FILES, True)
    return view


def install(app: Flask) -> None:
    """Called when every route is known, before the guard."""
    taking = {name for name, view in app.view_functions.items() if hasattr(view, _TAKES_FILES)}
    hospital = app.extensions["settings"].hospital
    app.request_class = UploadRequest

    @app.url_value_preprocessor
    def let_files_in(endpoint: str | None, _: dict[str, Any] | None) -> None:
        if endpoint in taking and request.method == "POST":
            _arriving().let_in(hospital, store())


def store() -> SharedFiles:
    return cast("SharedFiles", current_app.extensions["shared_files"])


def arrivals() -> list["Arrival"]:
    """The files of this request, in the order of the form. Reads the request to its end."""
    _ = request.files
    return _arriving().arrivals


def measure(arrival: "Arrival") -> None:
    """Counts the file by what became of it."""
    outcome = "refused" if arrival.fault else "kept"
    if isinstance(arrival.fault, Unavailable):
        outcome = "resting"
    size = arrival.stored.size if arrival.stored else 0
    measured(UPLOAD, Uploads=1, UploadSize=size, Outcome=outcome)


def _arriving() -> "UploadRequest":
    return cast("UploadRequest", request)


class Unwanted(io.RawIOBase):
    """Where a part of the request goes that nobody keeps."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:  # noqa: ARG002
        """The parser's word for: that was all of it."""
        return 0


class Arrival(Unwanted):
    """One file on its way in, as Werkzeug's parser writes it.

    It never raises: the rest of the request must be read all the same, for what it says and for the
    files after this one. What went wrong is `fault`; `stored` is set when the file is whole.
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
        """It belongs to a form that will be sent again. Otherwise it is removed with the request."""
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
    """Flask's request, whose files go to the shared file system where a view takes files."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.arrivals: list[Arrival] = []
        self._takers: tuple[Hospital, SharedFiles] | None = None

    def let_in(self, hospital: Hospital, store: SharedFiles) -> None:
        self._takers = hospital, store
        longest = hospital.document_megabytes * MEGABYTE
        self.max_content_length = (longest + FIELD_BYTES) * (hospital.documents_at_once + 1)
        self.max_form_memory_size = FIELD_BYTES
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
            return Unwanted()  # of an input in which nothing was chosen
        hospital, store = self._takers
        limit = hospital.document_megabytes * MEGABYTE
        self.arrivals.append(Arrival(filename, store, limit, self._why_not(hospital)))
        return self.arrivals[-1]

    def _why_not(self, hospital: Hospital) -> PortalError | None:
        """Why this one is not kept, as far as it is known before its first byte."""
        if "_user_id" not in session:
            return Refused("Sign in before you send files.")
        if len(self.arrivals) >= hospital.documents_at_once:
            return Refused(f"Send no more than {hospital.documents_at_once} files at once.")
        return None

    def close(self) -> None:
        for arrival in self.arrivals:
            arrival.close()
        super().close()
