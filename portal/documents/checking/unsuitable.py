"""The reasons to refuse a file, each with a message for its sender."""

from portal.errors import Refused

INSTEAD = {"rtf": "PDF or DOCX", "svg": "PDF or PNG"}
"""The format to use instead, for text formats; for all others it is PDF."""
WELCOME = "Send a PDF, JPEG, PNG, HEIC, TXT or DOCX file."


class Unsuitable(Refused):
    """A file that can't become a document; it is not kept."""


class Empty(Unsuitable):
    """It has no bytes."""

    def __init__(self) -> None:
        super().__init__(
            "The file is empty. Check that it opens on your device, and send it again."
        )


class WrongKind(Unsuitable):
    """`looks_like` is the likely kind, such as "GIF picture", or empty."""

    def __init__(self, looks_like: str = "") -> None:
        seems = f" It looks like this: {looks_like}." if looks_like else ""
        super().__init__(f"This kind of file can't be added.{seems} {WELCOME}")


class CutShort(Unsuitable):
    """Its end is missing, or it breaks its own format."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"This {kind} file is damaged or its end is missing."
            " Check that it opens on your device, and send it again."
        )


class Locked(Unsuitable):
    """It can be read only with a password."""

    def __init__(self) -> None:
        super().__init__(
            "The file is protected by a password, so the hospital couldn't open it."
            " Save a copy without the password and send that."
        )


class WrongExtension(Unsuitable):
    """Its name and its content are of different kinds."""

    def __init__(self, extension: str, kind: str) -> None:
        super().__init__(
            f"The name ends in “.{extension}”, but the file is a {kind} file."
            " Check that it is the one that you mean, rename it and send it again."
        )


class OtherFormat(Unsuitable):
    """Text by its content, but its name says a format that needs a viewer or an editor."""

    def __init__(self, extension: str) -> None:
        instead = INSTEAD.get(extension, "PDF")
        super().__init__(
            f"Files that end in “.{extension}” can't be added."
            f" Save it as {instead} and send that instead."
        )


class Bloated(Unsuitable):
    """An archive that would unpack to far more than its size: a zip bomb."""

    def __init__(self) -> None:
        super().__init__(
            "This DOCX file would unpack to far too much. Save it as PDF and send that."
        )


class ReachesOut(Unsuitable):
    """It loads something from elsewhere when it is opened."""

    def __init__(self) -> None:
        super().__init__(
            "This DOCX file loads something from another computer when it is opened."
            " Save it as PDF and send that."
        )


class Active(Unsuitable):
    """A PDF that runs something, or carries other files."""

    def __init__(self) -> None:
        super().__init__(
            "This PDF contains a program, starts another one, or carries other files."
            " Print it to a new PDF and send that, and send the other files by themselves."
        )


class HasMacros(Unsuitable):
    """It contains a program."""

    def __init__(self) -> None:
        super().__init__("This DOCX file contains macros. Save it without them, or as PDF.")
