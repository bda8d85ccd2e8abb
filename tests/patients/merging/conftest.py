"""Two records of one person, and the receptionist who merges them."""

import pytest
from sqlalchemy.orm import Session

from portal.access import Role
from tests.builders import actor_of, an_account, findable
from tests.patients.merging.records import Two, give_belongings


@pytest.fixture
def two(session: Session) -> Two:
    kept, merged = findable(session), findable(session, given="Aminah")
    give_belongings(session, kept)
    give_belongings(session, merged)
    return Two(actor_of(an_account(session, Role.RECEPTION)), kept, merged)
