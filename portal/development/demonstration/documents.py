"""A few documents: some that Amina brought, one from her doctor, and a vaccination book."""

import io
from datetime import date, datetime, timedelta
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.context import Context
from portal.development.cognito.people import AMINA_OKAFOR, LEILA_HADDAD
from portal.development.demonstration.actors import actors
from portal.documents.adding.actions import DocumentFacts, NewFile, add
from portal.documents.checking.kinds import Kind
from portal.models import Account, DocumentReference, Patient, Practitioner
from portal.settings.hospital import Hospital
from portal.shared_files import SharedFiles
from portal.vocabulary import DocumentType, Scan

A4 = (1240, 1754)
"""Pixels, at 150 per inch."""
LIMIT = 5_000_000


class Sheet(NamedTuple):
    """A document of one page, and what is said about it."""

    patient: tuple[str, str]
    brought_by: str
    type: DocumentType
    title: str
    author: str
    days_ago: int
    lines: tuple[str, ...]


RAMAN = "Raman"
AMINA, SAMI = ("Amina", "Okafor"), ("Sami", "Haddad")
SHEETS = (
    Sheet(
        AMINA,
        AMINA_OKAFOR.sub,
        DocumentType.LETTER,
        "Letter from the eye clinic",
        "St Alban's Eye Hospital",
        40,
        (
            "Dear colleague,",
            "thank you for sending Mrs Okafor. Both eyes are healthy;",
            "there is no sign of raised pressure.",
            "We suggest another look in two years.",
        ),
    ),
    Sheet(
        AMINA,
        AMINA_OKAFOR.sub,
        DocumentType.RESULT,
        "Blood test from my GP",
        "Mill Lane Surgery",
        25,
        ("Haemoglobin    134 g/L", "Sodium         140 mmol/L", "Cholesterol    4.9 mmol/L"),
    ),
    Sheet(
        AMINA,
        RAMAN,
        DocumentType.LETTER,
        "Summary of the heart clinic",
        "Dr Priya Raman",
        9,
        ("The echocardiogram is normal.", "Next visit in six months."),
    ),
    Sheet(
        SAMI,
        LEILA_HADDAD.sub,
        DocumentType.IMMUNIZATION,
        "Sami's vaccination book",
        "Child health centre",
        60,
        ("6-in-1    first, second and third dose", "MMR       first dose"),
    ),
)


def add_documents(session: Session, store: SharedFiles, hospital: Hospital, now: datetime) -> None:
    """Adds them to the session's transaction. Their files are made here and need no virus scan."""
    for sheet in SHEETS:
        when = now - timedelta(days=sheet.days_ago)
        with store.begin(limit=LIMIT) as writer:
            writer.write(_pdf(sheet, hospital.today(when)))
            stored = writer.finish()
        name = f"{sheet.title}.pdf"
        facts = DocumentFacts(
            title=sheet.title,
            type=sheet.type,
            author=sheet.author,
            created_on=hospital.today(when),
        )
        file = NewFile(stored=stored, content_type=Kind.PDF.value, name=name, has_picture=True)
        context = Context(session, _by(session, sheet.brought_by), hospital, now)
        add(context, patient_ref=_ref_of(session, sheet.patient), files=[file], facts=facts)
    session.execute(update(DocumentReference).values(scan=Scan.CLEAN, scanned_at=now))


def _by(session: Session, who: str) -> Actor:
    if who == RAMAN:
        practitioner = select(Practitioner.id).where(Practitioner.family == RAMAN)
        return actors(session).clinicians[session.scalars(practitioner).one()]
    return session.scalars(select(Account).where(Account.subject == who)).one().actor()


def _ref_of(session: Session, name: tuple[str, str]) -> str:
    given, family = name
    found = select(Patient.ref).where(Patient.given == given, Patient.family == family)
    return session.scalars(found.order_by(Patient.id)).first() or ""


def _pdf(sheet: Sheet, day: date) -> bytes:
    """One page, as from a scanner."""
    page = Image.new("L", A4, 255)
    pen = ImageDraw.Draw(page)
    large, small = ImageFont.load_default(44), ImageFont.load_default(30)
    pen.text((150, 160), sheet.author, fill=0, font=large)
    pen.line((150, 230, A4[0] - 150, 230), fill=90, width=3)
    pen.text((150, 270), f"{day.day} {day:%B %Y}", fill=60, font=small)
    pen.text((150, 340), f"About: {' '.join(sheet.patient)}", fill=0, font=small)
    for number, line in enumerate(sheet.lines):
        pen.text((150, 460 + 60 * number), line, fill=0, font=small)
    data = io.BytesIO()
    page.save(data, "PDF", resolution=150, title=sheet.title)
    return data.getvalue()
