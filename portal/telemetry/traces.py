"""Where an exception came from, without its message, which may quote a patient's data."""

from traceback import extract_tb


def place_of(fault: BaseException) -> str:
    """`file:line` of the innermost frame."""
    frames = extract_tb(fault.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"
