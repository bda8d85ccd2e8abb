"""Files with active content, which runs when they are opened."""

import io
from collections.abc import Callable

import pytest

from portal.documents.checking import unsuitable
from portal.documents.checking.kinds import Kind, kind_of
from portal.documents.checking.unsuitable import Unsuitable
from tests.documents.checking import samples

WELCOME: dict[str, tuple[Kind, Callable[[], bytes]]] = {
    "PDF whose picture happens to contain the name of an action": (
        Kind.PDF,
        lambda: samples.a_pdf().replace(b"stream\n", b"stream\n/JavaScript ", 1),
    ),
    "PDF with a link": (
        Kind.PDF,
        lambda: samples.a_pdf(catalog="/OpenAction << /S /URI /URI (https://a.example) >>"),
    ),
    "DOCX with a link": (
        Kind.DOCX,
        lambda: samples.a_docx_that_refers_to("https://hospital.example", "hyperlink"),
    ),
    "DOCX with the writer's own template": (
        Kind.DOCX,
        lambda: samples.a_docx_that_refers_to("file:///C:\\Templates\\a.dotx", "attachedTemplate"),
    ),
}
REFUSED: dict[str, tuple[type[Unsuitable], str, Callable[[], bytes]]] = {
    "a PDF that runs a script": (
        *(unsuitable.Active, "contains a program"),
        lambda: samples.a_pdf(catalog="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
    ),
    "a PDF whose script is written with an escape": (
        *(unsuitable.Active, "contains a program"),
        lambda: samples.a_pdf(catalog="/AA << /WC << /S /J#61vaScript /JS (x) >> >>"),
    ),
    "a PDF whose script is packed": (
        *(unsuitable.Active, "contains a program"),
        lambda: samples.a_pdf_with_packed_objects(b"8 0 << /S /JavaScript /JS (x) >>"),
    ),
    "a PDF that starts a program": (
        *(unsuitable.Active, "starts another one"),
        lambda: samples.a_pdf(catalog="/OpenAction << /S /Launch /F (cmd.exe) >>"),
    ),
    "a PDF that carries a file": (
        *(unsuitable.Active, "carries other files"),
        lambda: samples.a_pdf(attachment=b"a file"),
    ),
    "a template from elsewhere": (
        *(unsuitable.ReachesOut, "from another computer"),
        lambda: samples.a_docx_that_refers_to("https://a.example/t.dotm", "attachedTemplate"),
    ),
    "a template on another computer": (
        *(unsuitable.ReachesOut, "from another computer"),
        lambda: samples.a_docx_that_refers_to("file://server/t.dotm", "attachedTemplate"),
    ),
    "an object from elsewhere": (
        *(unsuitable.ReachesOut, "from another computer"),
        lambda: samples.a_docx_that_refers_to("https://a.example/", "oleObject"),
    ),
    "relationships that define entities": (
        *(unsuitable.CutShort, "damaged"),
        lambda: samples.a_docx({"word/_rels/a.xml.rels": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
    ),
}


def judged(data: bytes) -> Kind:
    return kind_of(io.BytesIO(data), size=len(data), name="letter")


@pytest.mark.parametrize("what", WELCOME)
def test_what_does_nothing_by_itself_is_taken(what: str) -> None:
    kind, make = WELCOME[what]

    assert judged(make()) is kind


@pytest.mark.parametrize("what", REFUSED)
def test_what_does_something_is_refused_with_words(what: str) -> None:
    reason, words, make = REFUSED[what]

    with pytest.raises(Unsuitable, match=words) as refusal:
        judged(make())
    assert type(refusal.value) is reason
