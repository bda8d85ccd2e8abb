"""Authors are told in the evening what they have not signed, once a day and without a patient in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.models import Note, Notice
from portal.notices.sending import actions as sending
from portal.notices.sending import due
from portal.notices.sending.post_office import PostOffice
from portal.settings.hospital import Hospital
from portal.vocabulary import CompositionStatus, NoticeState
from portal.worker.unsigned_notes import tell_authors
from tests.builders import a_note, audited, contexts_for
from tests.builders.ward import Ward, make_ward
from tests.plugins.post import Pigeonhole

HOSPITAL = Hospital(notes_signed_by_hour=18)
AT_SIX = datetime(2026, 7, 2, 17, 0, tzinfo=UTC)
"""18:00 in London's summer."""
Sessions = sessionmaker[Session]


@pytest.fixture
def ward(database: Session) -> Ward:
    ward = make_ward(database)
    a_note(database, ward.visit, ward.doctor, status=CompositionStatus.PRELIMINARY, signed_at=None)
    a_note(database, ward.visit, ward.nurse)
    database.commit()
    return ward


@pytest.fixture
def work(app: Flask, sessions: Sessions, post: PostOffice) -> Callable[[datetime], None]:
    def run(now: datetime) -> None:
        contexts = contexts_for(sessions, now, HOSPITAL)
        tell_authors(contexts)
        with app.app_context():
            while sending.send_next(contexts, post=post):
                pass

    return run


def test_an_author_is_told_once_a_day_and_nobody_else(
    ward: Ward, work: Callable[[datetime], None], pigeonhole: Pigeonhole
) -> None:
    work(AT_SIX - timedelta(minutes=1))
    assert pigeonhole.messages == []
    work(AT_SIX)
    work(AT_SIX + timedelta(hours=2))
    assert [one["To"] for one in pigeonhole.messages] == [ward.doctor.email]
    work(AT_SIX + timedelta(days=1))
    assert len(pigeonhole.messages) == 2


def test_nothing_of_the_patient_is_in_it(
    ward: Ward, work: Callable[[datetime], None], pigeonhole: Pigeonhole, database: Session
) -> None:
    work(AT_SIX)
    (message,) = pigeonhole.messages
    said = message.as_string()
    assert "not signed yet" in said
    for secret in (ward.patient.family, ward.patient.given, ward.patient.ref, ward.visit.ref):
        assert secret not in said
    database.rollback()
    (entry,) = audited(database, "send notices")
    assert (entry.patient_ref, entry.detail) == (None, {"occasion": "unsigned-notes"})


def test_what_was_signed_or_whose_account_was_closed_meanwhile_is_dropped(
    ward: Ward,
    database: Session,
    sessions: Sessions,
    work: Callable[[datetime], None],
    pigeonhole: Pigeonhole,
) -> None:
    tell_authors(contexts_for(sessions, AT_SIX, HOSPITAL))
    draft = database.scalars(select(Note).where(Note.status == CompositionStatus.PRELIMINARY)).one()
    draft.status = CompositionStatus.FINAL
    database.commit()
    work(AT_SIX + timedelta(minutes=1))
    assert pigeonhole.messages == []
    database.rollback()
    notice = database.scalars(select(Notice)).one()
    assert (notice.state, notice.last_error) == (NoticeState.DROPPED, due.SIGNED)
    ward.doctor.disabled_at = draft.signed_at = AT_SIX
    draft.status = CompositionStatus.PRELIMINARY
    database.commit()
    work(AT_SIX + timedelta(days=1))
    database.rollback()
    assert len(database.scalars(select(Notice)).all()) == 1
