"""While a document is being added, its patient's record can't be merged into another."""

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import DBAPIError

from portal.models import Patient
from tests.documents.conftest import Family
from tests.documents.sample_files import a_text
from tests.documents.sending import send, the_form


def test_the_patients_row_is_locked_before_the_document_is_written(
    family: Family, mother: FlaskClient, engine: Engine, owner_engine: Engine
) -> None:
    held: list[bool] = []
    row = select(Patient.id).where(Patient.id == family.amina.id).with_for_update(nowait=True)

    def look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO document_reference"):
            held.append(is_held())

    def is_held() -> bool:
        with owner_engine.connect() as merging:
            try:
                merging.execute(row)
            except DBAPIError:
                return True
        return False

    assert not is_held()
    form = the_form(mother, family.address)
    event.listen(engine, "before_cursor_execute", look)
    try:
        answer = send(mother, form, ("letter.txt", a_text("A letter")))
    finally:
        event.remove(engine, "before_cursor_execute", look)
    assert answer.status_code == 303
    assert held == [True]
