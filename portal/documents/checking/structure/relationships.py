"""The relationships of a DOCX file (ECMA-376, part 2): which other parts and places it refers to."""

import re
from xml.parsers import expat

from portal.documents.checking.unsuitable import CutShort

_LINK = re.compile(r".*/hyperlink")
"""A link that needs a click. Everything else is loaded when the file is opened."""
_OWN_TEMPLATE = re.compile(r"file:///[A-Za-z]:.*", re.IGNORECASE | re.DOTALL)
"""A template on the author's disk. Word writes it into many letters; readers do not have the file."""


def reaches_out(xml: bytes) -> bool:
    """Whether the part refers to something outside of the file that is loaded when it is opened.

    Raises `CutShort` for invalid XML, or XML that defines entities.
    """
    found: list[bool] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition("}")[2].rpartition(":")[2] != "Relationship":
            return
        outside = attributes.get("TargetMode", "").strip().lower() == "external"
        found.append(outside and _is_loaded(attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise CutShort("DOCX") from error
    return any(found)


def _is_loaded(attributes: dict[str, str]) -> bool:
    kind, target = attributes.get("Type", ""), attributes.get("Target", "")
    if _LINK.fullmatch(kind):
        return False
    return not (kind.endswith("/attachedTemplate") and _OWN_TEMPLATE.fullmatch(target))


def _refuse(*_: object) -> None:
    raise CutShort("DOCX")
