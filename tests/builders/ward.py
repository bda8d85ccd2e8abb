"""A patient in the care of a doctor and a nurse, a colleague elsewhere, and the patient's account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access import Role
from portal.context import Context
from portal.models import Account, Encounter, Patient
from tests.builders.appointments import an_appointment, an_encounter
from tests.builders.contexts import actor_of, context_for
from tests.builders.people import a_patient, an_account, an_account_of
from tests.builders.rows import NOW
from tests.builders.timetables import a_clinician, a_location, a_practitioner, a_slot

DAY = timedelta(days=1)


@dataclass
class Ward:
    """`visit` is in consultation with the doctor; `stranger` is somebody else's patient."""

    session: Session
    patient: Patient
    stranger: Patient
    visit: Encounter
    doctor: Account
    nurse: Account
    colleague: Account
    own: Account
    reception: Account

    def context(self, account: Account, at: datetime = NOW) -> Context:
        return context_for(self.session, actor_of(account), at)

    def later(self, account: Account, **passed: float) -> Context:
        return self.context(account, NOW + timedelta(**passed))

    @property
    def as_doctor(self) -> Context:
        return self.context(self.doctor)

    @property
    def as_nurse(self) -> Context:
        return self.context(self.nurse)

    @property
    def as_patient(self) -> Context:
        return self.context(self.own)


def make_ward(session: Session, now: datetime = NOW) -> Ward:
    here = a_location(session)
    doctor, practitioner = a_clinician(session, Role.DOCTOR, [here])
    nurse, _ = a_clinician(session, Role.NURSE, [here])
    colleague, _ = a_clinician(session, Role.DOCTOR, [here])
    patient, stranger = a_patient(session), a_patient(session)
    appointment = an_appointment(
        session, patient, a_slot(session, practitioner, here, starts_at=now + DAY)
    )
    elsewhere = a_location(session)
    other = a_practitioner(session, [elsewhere])
    an_appointment(session, stranger, a_slot(session, other, elsewhere, starts_at=now + DAY))
    return Ward(
        session,
        patient,
        stranger,
        an_encounter(session, appointment),
        doctor,
        nurse,
        colleague,
        an_account_of(session, patient),
        an_account(session, Role.RECEPTION),
    )
