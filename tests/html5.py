"""Reads pages as a strict HTML5 parser does."""

import html5lib
from werkzeug.test import TestResponse


def well_formed(page: TestResponse) -> str:
    """The text of a page that parses as strict HTML5, with a title and one h1."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(page.text)
    assert (document.findtext("head/title") or "").strip()
    assert len(list(document.iter("h1"))) == 1
    return " ".join("".join(document.find("body").itertext()).split())
