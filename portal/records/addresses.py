"""The addresses of the record's pages."""

RECORD = "/patients/<string(length=20):patient_ref>/record"


def of_item(room: str, parameter: str) -> str:
    """The address of one entry."""
    return f"{RECORD}/{room}/<string(length=20):{parameter}>"
