"""File names from people are made safe to show and to use for saving."""

import pytest

from portal.documents.adding.file_names import LONGEST, safe_name
from portal.documents.checking.kinds import Kind


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Letter 3.pdf", "Letter 3.pdf"),
        ("LETTER.PDF", "LETTER.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\letter.pdf", "letter.pdf"),
        ("two\r\nlines\t.pdf", "two lines.pdf"),
        ("👩‍⚕️ Łódź.pdf", "👩‍⚕️ Łódź.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("gp\u202efdp.exe", "gpfdp.exe.pdf"),
        ('a"; filename="b.pdf', "a_; filename=_b.pdf"),
        ("\0.pdf", "pdf.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("report.v2", "report.v2.pdf"),
    ],
)
def test_a_name_is_one_line_without_a_path(name: str, safe: str) -> None:
    assert safe_name(name, Kind.PDF) == safe


def test_a_long_name_is_cut_before_its_ending() -> None:
    safe = safe_name("x" * 5000 + ".jpeg", Kind.JPEG)

    assert len(safe) == LONGEST
    assert safe.endswith("x.jpeg")
