"""A letter that was sent and checked."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import DocumentReference
from tests.documents.conftest import Family
from tests.documents.files.sent_files import sent
from tests.documents.sample_files import a_text


@pytest.fixture
def letter(family: Family, mother: FlaskClient, database: Session) -> DocumentReference:
    """A letter of two megabytes that the mother sent and that was found clean."""
    return sent(family, mother, database, "letter.txt", a_text("0123456789abcdef" * 2**17))
